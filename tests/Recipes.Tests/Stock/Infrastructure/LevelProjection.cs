using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Stock.Application;
using Monolith.Modules.Stock.Contracts;
using Npgsql;

namespace Monolith.Modules.Stock.Infrastructure;

/// <summary>The stock level of an item.</summary>
internal sealed record LevelRow(Guid ItemId, string Name, int InStock);

/// <summary>Folds the events of Stock into stock levels.</summary>
internal sealed class LevelProjection : KeyedProjection<Guid, LevelRow>
{
    public LevelProjection()
    {
        On<ItemAdded>(e => e.ItemId, (e, _) => new(e.ItemId, e.Name, InStock: 0));
        On<ItemReceived>(e => e.ItemId, (e, row) => row with { InStock = e.InStock });
        On<ItemRenamed>(e => e.ItemId, (e, row) => row with { Name = e.Name });
    }
}

/// <summary>Reads the stock levels.</summary>
internal sealed class LevelQueries([FromKeyedServices("Stock")] ModuleDatabase database) : ILevels
{
    private const string Select =
        "select item_id, name, in_stock from stock_read.levels where in_stock < $1 order by in_stock, item_id limit 100";

    public async Task<LowStock> Below(long number, CancellationToken cancellationToken)
    {
        await using var command = database.App.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var levels = new List<Level>();
        while (await reader.ReadAsync(cancellationToken))
            levels.Add(new Level(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2)));
        return new LowStock(levels);
    }
}
