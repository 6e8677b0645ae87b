using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Tests.Sample;
using Npgsql;

namespace Monolith.BuildingBlocks.Tests.Generations;

/// <summary>What tests of generations share: a database of their own, hosts, and rows made without any of the engine.</summary>
public abstract class GenerationTests(TestPostgres postgres) : IAsyncLifetime
{
    private protected const string Operator = "Ada";

    private readonly List<IAsyncDisposable> hosts = [];

    private protected static RebuildRequest Auto { get; } = new(Promotion.Auto, null, null);

    private protected static RebuildRequest Manual { get; } = new(Promotion.Manual, null, null);

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected SampleDatabase Database { get; private set; } = null!;

    private protected SampleWriter Writer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.NewAsync();
        Writer = new SampleWriter(Database.Shop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<RunningProjection<CounterRow>> StartAsync(ProjectionOptions? options = null) => StartAsync(new CounterProjection(), options);

    private protected async Task<RunningProjection<TRow>> StartAsync<TRow>(KeyedProjection<Guid, TRow> fold, ProjectionOptions? options = null)
        where TRow : class
    {
        var host = await RunningProjection<TRow>.StartAsync(Database, fold, options);
        hosts.Add(host);
        return host;
    }

    /// <summary>Starts a host and waits until it serves all that is there.</summary>
    private protected async Task<RunningProjection<CounterRow>> StartLiveAsync(ProjectionOptions? options = null)
    {
        var host = await StartAsync(options);
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        return host;
    }

    /// <summary>Ends a host whose fold stands before a gate. The fold is let go on only once the host has begun to stop.</summary>
    private protected static async Task EndAsync(RunningProjection<CounterRow> host, Gate gate)
    {
        var ending = host.DisposeAsync().AsTask();
        gate.Open();
        await ending;
    }

    /// <summary>Counts random counters by random numbers, names some, removes some.</summary>
    private protected async Task<Guid[]> WriteHistoryAsync(int countersOfEachPartition, int events, int seed = 1)
    {
        var counters = SampleWriter.Streams(countersOfEachPartition);
        var random = new Random(seed);
        var history = new List<(Guid, Monolith.BuildingBlocks.Domain.IEvent)>(events);
        for (var i = 0; i < events; i++)
        {
            var counter = counters[random.Next(counters.Length)];
            history.Add((counter, random.Next(20) switch { 0 => new Removed(counter), 1 or 2 => new Named(counter, $"counter {i}"), _ => new Counted(counter, random.Next(20, 100)) }));
        }

        foreach (var some in history.Chunk(5_000))
            await Writer.AppendAsync(some);
        return counters;
    }

    /// <summary>The rows that the log makes, folded by hand.</summary>
    private protected async Task<List<CounterRow>> TruthAsync(Func<Logged, bool>? counts = null)
    {
        await using var command = Database.Superuser.CreateCommand("""select partition, "offset", stream_id, type, data::text, occurred_at from shop.events order by partition, "offset" """);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new Dictionary<Guid, CounterRow>();
        while (await reader.ReadAsync(Cancellation))
        {
            using var data = JsonDocument.Parse(reader.GetString(4));
            var logged = new Logged(reader.GetInt32(0), reader.GetInt64(1), reader.GetGuid(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(5));
            if (counts?.Invoke(logged) == false)
                continue;
            var row = rows.GetValueOrDefault(logged.Stream) ?? new CounterRow(logged.Stream, 0, 0, null);
            switch (logged.Type)
            {
                case "shop.counted.v1":
                    rows[logged.Stream] = row with { Total = row.Total + data.RootElement.GetProperty("by").GetInt64(), Events = row.Events + 1 };
                    break;
                case "shop.named.v1":
                    rows[logged.Stream] = row with { Name = data.RootElement.GetProperty("name").GetString() };
                    break;
                case "shop.removed.v1":
                    rows.Remove(logged.Stream);
                    break;
            }
        }

        return [.. rows.Values];
    }

    /// <summary>The rows of a generation are those that the log makes.</summary>
    private protected async Task ShouldBeTheTruthAsync(RunningProjection<CounterRow> host, int generation, Func<Logged, bool>? counts = null) =>
        (await host.HashAsync(generation)).ShouldBe(RunningProjection<CounterRow>.HashOf(await TruthAsync(counts)));

    /// <summary>What queries see.</summary>
    private protected async Task<List<CounterRow>> SeenAsync(string view = "counters")
    {
        await using var command = Database.Superuser.CreateCommand($"select counter_id, total, events, name from shop_read.{view} order by counter_id");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<CounterRow>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add(new CounterRow(reader.GetGuid(0), reader.GetInt64(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        return rows;
    }

    private protected async Task<bool> HasTableAsync(int generation) => await Database.ScalarAsync<bool>($"select to_regclass('shop_read.counters_g{generation}') is not null");

    /// <summary>Of a generation there is nothing left but its entry.</summary>
    private protected async Task ShouldBeGoneAsync(int generation)
    {
        await Monolith.Testing.Eventually.HoldsAsync(TimeSpan.FromSeconds(20), async () => await HasTableAsync(generation) ? "its table is there" : null, Cancellation);
        (await Database.ScalarAsync<long>($"select count(*) from shop_read.checkpoints where generation = {generation}")).ShouldBe(0);
        (await Database.ScalarAsync<long>($"select count(*) from shop_read.dead_letters where generation = {generation}")).ShouldBe(0);
        (await Database.ScalarAsync<long>($"select count(*) from shop_read.generations where number = {generation}")).ShouldBe(1);
    }

    private protected async Task<string> RefusedStateAsync(string sql)
    {
        try
        {
            await Database.ExecuteAsync(sql, "shop_app");
            return "done";
        }
        catch (PostgresException exception)
        {
            return exception.SqlState;
        }
    }

    internal sealed record Logged(int Partition, long Offset, Guid Stream, string Type, DateTimeOffset At);
}
