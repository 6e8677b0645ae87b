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
/// What tests of generations share: a database of their own for the logs, a store of their own, hosts, and rows made without any of the
/// engine. Their contract is the same for every kind of store; each kind has a class for each.
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

    /// <summary>Starts a host and waits until it serves all that is there.</summary>
    protected async Task<RunningProjection<CounterRow>> StartLiveAsync(ProjectionOptions? options = null)
    {
        var host = await StartAsync(options);
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        return host;
    }

    /// <summary>Ends a host whose fold stands before a gate. The fold is let go on only once the host has begun to stop.</summary>
    protected static async Task EndAsync(RunningProjection<CounterRow> host, Gate gate)
    {
        var ending = host.DisposeAsync().AsTask();
        gate.Open();
        await ending;
    }

    /// <summary>Counts random counters by random numbers, names some, removes some.</summary>
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
                    random.Next(20) switch { 0 => new Removed(counter), 1 or 2 => new Named(counter, $"counter {i}"), _ => new Counted(counter, random.Next(20, 100)) }));
        }

        foreach (var some in history.Chunk(5_000))
            await Writer.AppendAsync(some);
        return counters;
    }

    /// <summary>The rows that the log makes, folded by hand.</summary>
    protected async Task<List<CounterRow>> TruthAsync(Func<Logged, bool>? counts = null)
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

    /// <summary>The rows of a generation are those that the log makes.</summary>
    protected async Task ShouldBeTheTruthAsync(RunningProjection<CounterRow> host, int generation, Func<Logged, bool>? counts = null) =>
        (await host.HashAsync(generation)).ShouldBe(RowHash.Of(await TruthAsync(counts)));

    /// <summary>What queries see, of the live rows or of a snapshot.</summary>
    protected Task<List<CounterRow>> SeenAsync(string? snapshot = null) => Store.SeenAsync<CounterRow>(snapshot);

    /// <summary>Of a generation there is nothing left but its entry.</summary>
    protected async Task ShouldBeGoneAsync(RunningProjection<CounterRow> host, int generation)
    {
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20), async () => await Store.HasRowsAsync(generation) ? "its rows are there" : null, Cancellation);
        (await Store.LeftOfAsync(generation)).ShouldBeNull();
        (await host.RegistryAsync()).Generations.Count(entry => entry.Number == generation).ShouldBe(1);
    }

    /// <summary>Does something with the store while no host runs, as a process of its own.</summary>
    protected async Task<T> BetweenHostsAsync<T>(Func<IProjectionStore<Guid, CounterRow>, Task<T>> act)
    {
        var (opened, closeAsync) = Store.Open<CounterRow>(SampleProjections.SideBySide(Logs.Shop.Catalogue));
        await opened.Registry.PrepareAsync(Cancellation);
        var answer = await act(opened);
        await closeAsync();
        return answer;
    }

    public sealed record Logged(int Partition, long Offset, Guid Stream, string Type, DateTimeOffset At);
}
