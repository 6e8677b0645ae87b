using Microsoft.EntityFrameworkCore;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Stock.Application;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Infrastructure;

internal sealed class ItemRepository(StockDbContext context) : IItems
{
    public async Task<Result<Item>> Load(Guid id, long? expectedVersion, CancellationToken cancellationToken)
    {
        var item = await context.Items.FirstOrDefaultAsync(item => item.Id == id, cancellationToken);
        if (item is null)
            return ItemErrors.NotFound(id);
        return expectedVersion is { } expected && expected != item.Version ? RequestErrors.Stale(expected) : item;
    }

    public void Add(Item item) => context.Items.Add(item);
}
