using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Stock.Application;

/// <summary>Lists up to 100 items that are low in stock, the lowest first.</summary>
internal sealed record GetLowStock(long Below) : IQuery<LowStock>
{
    public const string ReadModel = "stock.levels";
}

internal sealed class GetLowStockHandler(ILevels levels) : IQueryHandler<GetLowStock, LowStock>
{
    public async Task<Result<LowStock>> Handle(GetLowStock query, CancellationToken cancellationToken) =>
        await levels.Below(query.Below, cancellationToken);
}

/// <summary>Items that are low in stock.</summary>
internal sealed record LowStock(IReadOnlyList<Level> Items);

/// <summary>The stock level of an item.</summary>
internal sealed record Level(Guid ItemId, string Name, int InStock);

/// <summary>The port that reads stock levels.</summary>
internal interface ILevels
{
    Task<LowStock> Below(long number, CancellationToken cancellationToken);
}
