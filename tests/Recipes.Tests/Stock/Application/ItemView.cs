using Monolith.BuildingBlocks.Application;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Application;

/// <summary>An item as the API shows it.</summary>
internal sealed record ItemView(Guid Id, string Name, int InStock, long Version) : IVersioned
{
    public static ItemView Of(Item item) => new(item.Id, item.Name, item.InStock, item.Version);
}
