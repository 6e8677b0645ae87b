using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections;
using Monolith.Modules.Orders.Application;
using Npgsql;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Reads order summaries from their query store.</summary>
internal sealed class SummaryQueries(
    [FromKeyedServices(OrdersModule.ModuleName)] ModuleDatabase database,
    [FromKeyedServices(ReadModels.Summaries)] IProjectionSnapshots snapshots)
    : ISummaryQueries
{
    private const string Columns = "select username, name, status, orders, open, shipped, cancelled, spent, last_order_at";
    private const string OfOne = "where customer_id = $1 and username is not null";
    private const string SelectOne = $"{Columns} from orders_read.summaries {OfOne}";

    public async Task<Result<OrderSummary?>> Find(Guid customerId, string? snapshot, CancellationToken cancellation) => snapshot is null
        ? await Find(SelectOne, customerId, cancellation)
        : await snapshots.ReadAsync(snapshot, rows => Find($"{Columns} from {rows} {OfOne}", customerId, cancellation), cancellation);

    private async Task<OrderSummary?> Find(string sql, Guid customerId, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = customerId });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return !await row.ReadAsync(cancellation) ? null : new OrderSummary(
            customerId,
            Username: row.GetString(0),
            Name: row.GetString(1),
            Status: row.GetString(2),
            Orders: row.GetInt32(3),
            Open: row.GetInt32(4),
            Shipped: row.GetInt32(5),
            Cancelled: row.GetInt32(6),
            Spent: JsonSerializer.Deserialize(row.GetString(7), SummariesJson.Web.Spending)!,
            LastOrderAt: row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8));
    }
}
