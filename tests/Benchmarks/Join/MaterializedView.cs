using System.Diagnostics;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Npgsql;

namespace Monolith.Benchmarks.Join;

/// <summary>The former design: a materialized view over both schemas, refreshed concurrently after a change.</summary>
internal sealed class MaterializedView(NpgsqlConnection connection, int postmasterId, IReadOnlyList<Guid> customers, OrderQuery query)
    : IAsyncDisposable
{
    private int at;

    public List<double> Freshness { get; } = [];

    public List<double> ChangeCpu { get; } = [];

    public List<double> ChangeWal { get; } = [];

    public OrderQuery Query { get; } = query;

    public static async Task<MaterializedView> OpenAsync(Database database, Stage stage, CancellationToken cancellation)
    {
        var connection = await database.OpenAsync(cancellation);
        var customers = await RandomIds.OfAsync(connection, JoinSchema.Customers, stage.Scale.Queries, cancellation);
        var orders = await RandomIds.OfAsync(connection, "old_orders.orders", stage.Scale.Queries, cancellation);
        return new MaterializedView(
            connection,
            stage.PostmasterId,
            customers,
            new OrderQuery(connection, $"select * from {JoinSchema.View} where id = $1", orders));
    }

    public async Task WarmUpAsync(Scale scale, CancellationToken cancellation)
    {
        await ChangeAsync(cancellation);
        await RefreshAsync(cancellation);
        await Query.WarmUpAsync(scale.WarmUp / 2, cancellation);
    }

    public async Task RunRoundAsync(Scale scale, CancellationToken cancellation)
    {
        await ChangeAsync(cancellation);
        var began = Stopwatch.GetTimestamp();
        var cost = await PostgresCost.OfAsync(connection, postmasterId, () => RefreshAsync(cancellation), cancellation);
        Freshness.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        ChangeCpu.Add(cost.Cpu);
        ChangeWal.Add(cost.Wal);
        Progress.Say($"join: refreshed in {Cells.Milliseconds(Freshness[^1])}");
        await Query.RunRoundAsync(scale.Queries, cancellation);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task ChangeAsync(CancellationToken cancellation)
    {
        await using var change = new NpgsqlCommand($"update {JoinSchema.Customers} set last_name = $2 where id = $1", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = customers[at++ % customers.Count] },
                new NpgsqlParameter<string> { TypedValue = $"Change-{at}" },
            },
        };
        await change.ExecuteNonQueryAsync(cancellation);
    }

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        await using var refresh = new NpgsqlCommand($"refresh materialized view concurrently {JoinSchema.View}", connection);
        await refresh.ExecuteNonQueryAsync(cancellation);
    }
}
