using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>
/// The base of tests of generations: separate logs and a separate store for each test, hosts, and expected rows that are folded without
/// the engine. The contract is the same for every kind of store; each kind derives a class from each contract.
/// </summary>
public abstract class GenerationContract(StoreUnderTest store) : IAsyncLifetime
{
    protected const string Operator = "Ada";

    private readonly List<IAsyncDisposable> hosts = [];

    protected static RebuildRequest Auto { get; } = new(Promotion.Auto, null, null);

    protected static RebuildRequest Manual { get; } = new(Promotion.Manual, null, null);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected StoreUnderTest Store { get; } = store;

    protected SampleLogs Logs { get; private set; } = null!;

    protected SampleWriter Writer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Store.PrepareAsync();
        Logs = Store.NewLogs();
        Store.Use(Logs);
        Writer = Logs.WriterOf(Logs.Shop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
        await Store.DisposeAsync();
        if (Logs is not null)
            await Logs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<RunningProjection<CounterRow>> StartAsync(ProjectionOptions? options = null) =>
        StartAsync(new CounterProjection(), options);

    protected async Task<RunningProjection<TRow>> StartAsync<TRow>(KeyedProjection<Guid, TRow> fold, ProjectionOptions? options = null)
        where TRow : class
    {
        var host = await RunningProjection.StartAsync(Logs, Store, fold, options);
        hosts.Add(host);
        return host;
    }

    /// <summary>Starts a host and waits until its live generation has applied all events.</summary>
    protected async Task<RunningProjection<CounterRow>> StartLiveAsync(ProjectionOptions? options = null)
    {
        var host = await StartAsync(options);
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        return host;
    }

    /// <summary>Stops a host whose fold waits at a gate. The gate opens after the host has begun to stop.</summary>
    protected static async Task EndAsync(RunningProjection<CounterRow> host, Gate gate)
    {
        var ending = host.DisposeAsync().AsTask();
        gate.Open();
        await ending;
    }

    /// <summary>Writes a random history that counts, names and removes counters.</summary>
    protected async Task<Guid[]> WriteHistoryAsync(int countersOfEachPartition, int events, int seed = 1)
    {
        var counters = SampleWriter.Streams(countersOfEachPartition);
        var random = new Random(seed);
        var history = new List<(Guid, Monolith.BuildingBlocks.Domain.IEvent)>(events);
        for (var i = 0; i < events; i++)
        {
            var counter = counters[random.Next(counters.Length)];
            history.Add(
                (
                    counter,
                    random.Next(20) switch
                    {
                        0 => new Removed(counter),
                        1 or 2 => new Named(counter, $"counter {i}"),
                        _ => new Counted(counter, random.Next(20, 100)),
                    }));
        }

        foreach (var some in history.Chunk(5_000))
            await Writer.AppendAsync(some);
        return counters;
    }

    /// <summary>The expected rows, folded from the log without the engine.</summary>
    protected async Task<List<CounterRow>> ExpectedRowsAsync(Func<Logged, bool>? counts = null)
    {
        var rows = new Dictionary<Guid, CounterRow>();
        foreach (var record in await Logs.ReadShopAsync(Cancellation))
        {
            using var data = JsonDocument.Parse(record.Data);
            var logged = new Logged(record.Partition, record.Offset, record.StreamId, record.Type, record.OccurredAt);
            if (counts?.Invoke(logged) == false)
                continue;
            var row = rows.GetValueOrDefault(logged.Stream) ?? new CounterRow(logged.Stream, 0, 0, null);
            switch (logged.Type)
            {
                case "shop.counted.v1":
                    rows[logged.Stream] =
                        row with { Total = row.Total + data.RootElement.GetProperty("by").GetInt64(), Events = row.Events + 1 };
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

    /// <summary>Asserts that the rows of a generation are the expected ones.</summary>
    protected async Task ShouldMatchLogAsync(RunningProjection<CounterRow> host, int generation, Func<Logged, bool>? counts = null) =>
        (await host.HashAsync(generation)).ShouldBe(RowHash.Of(await ExpectedRowsAsync(counts)));

    /// <summary>The rows that queries see, live or of a snapshot.</summary>
    protected Task<List<CounterRow>> SeenAsync(string? snapshot = null) => Store.SeenAsync<CounterRow>(snapshot);

    /// <summary>Asserts that only the registry entry of a generation remains.</summary>
    protected async Task ShouldBeGoneAsync(RunningProjection<CounterRow> host, int generation)
    {
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20), async () => await Store.HasRowsAsync(generation) ? "its rows are there" : null, Cancellation);
        (await Store.LeftOfAsync(generation)).ShouldBeNull();
        (await host.RegistryAsync()).Generations.Count(entry => entry.Number == generation).ShouldBe(1);
    }

    /// <summary>Opens the store like a separate process while no host runs.</summary>
    protected async Task<T> BetweenHostsAsync<T>(Func<IProjectionStore<Guid, CounterRow>, Task<T>> act)
    {
        var (opened, closeAsync) = Store.Open<CounterRow>(SampleProjections.Concurrent(Logs.Shop.Catalogue));
        await opened.Registry.PrepareAsync(Cancellation);
        var answer = await act(opened);
        await closeAsync();
        return answer;
    }

    public sealed record Logged(int Partition, long Offset, Guid Stream, string Type, DateTimeOffset At);
}
