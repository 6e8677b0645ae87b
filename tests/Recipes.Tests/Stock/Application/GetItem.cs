using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Application;

/// <summary>Gets an item.</summary>
internal sealed record GetItem(Guid ItemId) : IQuery<ItemView>;

internal sealed class GetItemHandler(IItems items) : IQueryHandler<GetItem, ItemView>
{
    public async Task<Result<ItemView>> Handle(GetItem query, CancellationToken cancellationToken)
    {
        var found = await items.Load(query.ItemId, expectedVersion: null, cancellationToken);
        return found.TryGet(out var item, out var error) ? ItemView.Of(item) : error;
    }
}

/// <summary>An item as the API shows it.</summary>
internal sealed record ItemView(Guid Id, string Name, int InStock, long Version) : IVersioned
{
    public static ItemView Of(Item item) => new(item.Id, item.Name, item.InStock, item.Version);
}
