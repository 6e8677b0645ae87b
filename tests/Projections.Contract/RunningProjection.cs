using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>
/// The projection of the counters in one host, with its admin operations. It shares the logs with the test, so that appended events are
/// signalled at once.
/// </summary>
public sealed class RunningProjection<TRow> : IAsyncDisposable
    where TRow : class
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly SampleLogs logs;
    private readonly Func<ValueTask> closeStoreAsync;
    private readonly ProjectionEngine<Guid, TRow> engine;
    private readonly ProjectionDefinition definition;
    private bool ended;

    internal RunningProjection(SampleLogs logs, StoreUnderTest store, KeyedProjection<Guid, TRow> fold, ProjectionOptions options)
    {
        this.logs = logs;
        definition = options.Definition ?? SampleProjections.Concurrent(logs.Shop.Catalogue) with { Version = options.Version };
        (Store, closeStoreAsync) = store.Open<TRow>(definition);
        engine = new ProjectionEngine<Guid, TRow>(
            definition, fold, Store, options.Transport ?? logs.NewTransport(), options.Engine(new ProjectionEngineOptions
        {
            Module = "Shop",
            Logs = options.HasLogs ? [logs.Shop, logs.Depot] : [],
            KeepRetiredFor = options.KeepRetiredFor,
            RebuildLimits = options.Limits,
            StoreIsRemote = store.IsRemote,
            Loggers = Log,
        }));
    }

    public IProjectionControl Control => engine.Control;

    public ProjectionStatus Status => engine.Status;

    public IProjectionStore<Guid, TRow> Store { get; }

    public RecordedLog Log { get; } = new();

    internal Task StartAsync() => engine.StartAsync(CancellationToken.None);

    public Task<Registry> RegistryAsync() => Store.Registry.ReadAsync(CancellationToken.None);

    public async Task<int> LiveAsync() => (await RegistryAsync()).Live?.Number ?? 0;

    /// <summary>Waits until a generation is in a state.</summary>
    public async Task<Generation> UntilAsync(int number, GenerationState state)
    {
        Generation? found = null;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            found = (await RegistryAsync()).Find(number);
            return found?.State == state
                ? null
                : $"generation {number} is {found?.State.ToString() ?? "not there"}, not {state}: {found?.Reason} {Status.Problem} "
                    + $"{LastTrouble()}";
        });
        return found!;
    }

    /// <summary>Waits until a started operation has ended.</summary>
    public async Task<Operation> UntilEndedAsync(Result<Operation> begun, OperationState state = OperationState.Done)
    {
        begun.Error.ShouldBeNull();
        Operation? operation = null;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            operation = await Control.OperationAsync(begun.Value.Id, CancellationToken.None);
            return operation!.State == OperationState.Running ? $"{operation.Kind} runs; {Status.Problem} {LastTrouble()}" : null;
        });
        operation!.State.ShouldBe(state, operation.Detail);
        return operation;
    }

    /// <summary>Waits until the live generation has applied all events of the logs.</summary>
    public async Task UntilCurrentAsync() => await UntilAtHeadsAsync(LiveAsync);

    /// <summary>Waits until a generation has applied all events of the logs.</summary>
    public Task UntilAtHeadsAsync(int generation) => UntilAtHeadsAsync(() => Task.FromResult(generation));

    /// <summary>The number of events that the live generation has applied.</summary>
    public async Task<long> AppliedAsync() =>
        (await Store.Registry.CheckpointsAsync(await LiveAsync(), CancellationToken.None)).Sum(checkpoint => checkpoint.NextOffset);

    public Task UntilAppliedAsync(long events) =>
        Eventually.HoldsAsync(
            Timeout,
            async () =>
                await AppliedAsync() is var applied && applied == events
                    ? null
                    : $"{applied} of {events} applied; {Status.Problem} {LastTrouble()}");

    /// <summary>The hash and the number of the rows of a generation.</summary>
    public Task<(long Rows, string Hash)> HashAsync(int generation) =>
        new RowHash<Guid, TRow>(Store).OfAsync(generation, CancellationToken.None);

    public Task<HealthCheckResult> HealthAsync() => engine.CheckHealthAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (ended)
            return;
        ended = true;
        await engine.DisposeAsync();
        await closeStoreAsync();
    }

    private async Task UntilAtHeadsAsync(Func<Task<int>> generation) => await Eventually.HoldsAsync(Timeout, async () =>
    {
        var reached = (await Store.Registry.CheckpointsAsync(await generation(), CancellationToken.None))
            .ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);
        foreach (
            var log in new[] { logs.Shop, logs.Depot }.Where(log => definition.Sources.Any(source => source.Catalogue.Log == log.Name)))
        {
            foreach (var (partition, head) in await log.HeadsAsync(CancellationToken.None))
            {
                if (reached.GetValueOrDefault(partition, -1) != head)
                    return $"{partition} is at {reached.GetValueOrDefault(partition, -1)} of {head}; {Status.Problem} {LastTrouble()}";
            }
        }

        return null;
    });

    private string? LastTrouble() =>
        Log.Entries.LastOrDefault(entry => entry.Level >= LogLevel.Warning) is { } last
            ? $"last trouble: {last.Message} {last.Exception?.Message}"
            : null;
}

/// <summary>Starts projections as a host does.</summary>
public static class RunningProjection
{
    public static async Task<RunningProjection<TRow>> StartAsync<TRow>(
        SampleLogs logs, StoreUnderTest store, KeyedProjection<Guid, TRow> fold, ProjectionOptions? options = null)
        where TRow : class
    {
        var running = new RunningProjection<TRow>(logs, store, fold, options ?? new());
        await running.StartAsync();
        return running;
    }
}
