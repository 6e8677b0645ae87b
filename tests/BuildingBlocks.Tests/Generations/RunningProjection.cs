using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Health;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.BuildingBlocks.Tests.Sample;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Tests.Generations;

/// <summary>The counters as one host projects them, with what its operator has in hand. The logs are shared with the test, so that what it writes is told at once.</summary>
internal sealed class RunningProjection<TRow> : IAsyncDisposable
    where TRow : class
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly SampleDatabase database;
    private readonly Func<ValueTask> closeStoreAsync;
    private readonly LoggerFactory loggers = new();
    private readonly ProjectionRunner<Guid, TRow> runner;
    private readonly ProjectionDefinition definition;
    private bool ended;

    private RunningProjection(SampleDatabase database, StoreUnderTest store, KeyedProjection<Guid, TRow> fold, ProjectionOptions options)
    {
        this.database = database;
        definition = options.Definition ?? SampleProjections.SideBySide(database.Shop.Catalogue) with { Version = options.Version };
        var transport = options.Transport ?? new InProcessTransport([database.Shop, database.Depot]);
        var heads = new LogHeads(options.HasLogs ? [database.Shop, database.Depot] : [], transport, TimeProvider.System);
        Status = new ProjectionStatus(definition.Name, definition.Version, [.. definition.Sources.Select(source => source.Catalogue.Log)]);
        (Store, closeStoreAsync) = store.Open<TRow>(definition);
        loggers.AddProvider(Log);
        var context = new ProjectionContext<Guid, TRow>(
            definition, fold, Store, transport, heads, Status, options.Pace, options.Limits, TimeProvider.System, loggers.CreateLogger("generations"));
        var rates = new RateMeter(TimeProvider.System);
        var settings = new ProjectionSettings(new ConfigurationBuilder().AddInMemoryCollection([new("Projections:KeepRetiredFor", options.KeepRetiredFor.ToString())]).Build());
        Control = new ProjectionControl(definition, "Shop", Store.Registry, heads, Status, rates, TimeProvider.System);
        runner = new ProjectionRunner<Guid, TRow>(context, rates, settings, store.IsRemote, loggers.CreateLogger<ProjectionRunner<Guid, TRow>>());
    }

    public ProjectionControl Control { get; }

    public ProjectionStatus Status { get; }

    public IProjectionStore<Guid, TRow> Store { get; }

    public RecordedLog Log { get; } = new();

    /// <summary>Starts it.</summary>
    public static async Task<RunningProjection<TRow>> StartAsync(SampleDatabase database, StoreUnderTest store, KeyedProjection<Guid, TRow> fold, ProjectionOptions? options = null)
    {
        var running = new RunningProjection<TRow>(database, store, fold, options ?? new());
        await running.runner.StartAsync(CancellationToken.None);
        return running;
    }

    public Task<Registry> RegistryAsync() => Store.Registry.ReadAsync(CancellationToken.None);

    public async Task<int> LiveAsync() => (await RegistryAsync()).Live?.Number ?? 0;

    /// <summary>Waits until a generation is in a state.</summary>
    public async Task<Generation> UntilAsync(int number, GenerationState state)
    {
        Generation? found = null;
        await Eventually.HoldsAsync(Patience, async () =>
        {
            found = (await RegistryAsync()).Find(number);
            return found?.State == state ? null : $"generation {number} is {found?.State.ToString() ?? "not there"}, not {state}: {found?.Reason} {Status.Problem} {LastTrouble()}";
        });
        return found!;
    }

    /// <summary>Waits until an operation that was begun has ended.</summary>
    public async Task<Operation> UntilEndedAsync(Result<Operation> begun, OperationState state = OperationState.Done)
    {
        begun.Error.ShouldBeNull();
        Operation? operation = null;
        await Eventually.HoldsAsync(Patience, async () =>
        {
            operation = await Control.OperationAsync(begun.Value.Id, CancellationToken.None);
            return operation!.State == OperationState.Running ? $"{operation.Kind} runs; {Status.Problem} {LastTrouble()}" : null;
        });
        operation!.State.ShouldBe(state, operation.Detail);
        return operation;
    }

    /// <summary>Waits until the live generation has applied all that the logs hold.</summary>
    public async Task UntilCurrentAsync() => await UntilAtHeadsAsync(LiveAsync);

    /// <summary>Waits until a generation has applied all that the logs hold.</summary>
    public Task UntilAtHeadsAsync(int generation) => UntilAtHeadsAsync(() => Task.FromResult(generation));

    /// <summary>How many events the live generation has applied.</summary>
    public async Task<long> AppliedAsync() => (await Store.Registry.CheckpointsAsync(await LiveAsync(), CancellationToken.None)).Sum(checkpoint => checkpoint.NextOffset);

    public Task UntilAppliedAsync(long events) =>
        Eventually.HoldsAsync(Patience, async () => await AppliedAsync() is var applied && applied == events ? null : $"{applied} of {events} applied; {Status.Problem} {LastTrouble()}");

    /// <summary>The hash over the rows of a generation, and their number.</summary>
    public Task<(long Rows, string Hash)> HashAsync(int generation) => new RowHash<Guid, TRow>(Store).OfAsync(generation, CancellationToken.None);

    /// <summary>The hash over rows that a test made.</summary>
    public static (long Rows, string Hash) HashOf(IReadOnlyCollection<TRow> rows) => (rows.Count, RowHash<Guid, TRow>.Text(rows.Aggregate(UInt128.Zero, (sum, row) => sum + RowHash<Guid, TRow>.Of(row))));

    public async Task<HealthCheckResult> HealthAsync(bool storeIsRemote = false) => await new ProjectionHealthCheck(Status, storeIsRemote).CheckHealthAsync(new HealthCheckContext());

    public async ValueTask DisposeAsync()
    {
        if (ended)
            return;
        ended = true;
        await runner.StopAsync(CancellationToken.None);
        runner.Dispose();
        loggers.Dispose();
        await closeStoreAsync();
    }

    private async Task UntilAtHeadsAsync(Func<Task<int>> generation) => await Eventually.HoldsAsync(Patience, async () =>
    {
        var reached = (await Store.Registry.CheckpointsAsync(await generation(), CancellationToken.None)).ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);
        foreach (var log in new[] { database.Shop, database.Depot }.Where(log => definition.Sources.Any(source => source.Catalogue.Log == log.Name)))
        {
            var heads = await new PostgresLogReader(log, log.Database.Reader).HeadsAsync(CancellationToken.None);
            for (var partition = 0; partition < heads.Count; partition++)
            {
                if (reached.GetValueOrDefault(new LogPartition(log.Name, partition), -1) != heads[partition])
                    return $"{log.Name}[{partition}] is at {reached.GetValueOrDefault(new LogPartition(log.Name, partition), -1)} of {heads[partition]}; {Status.Problem} {LastTrouble()}";
            }
        }

        return null;
    });

    private string? LastTrouble() => Log.Entries.LastOrDefault(entry => entry.Level >= LogLevel.Warning) is { } last ? $"last trouble: {last.Message} {last.Exception?.Message}" : null;
}
