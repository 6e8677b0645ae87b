using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Projections.Verification;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// Keeps one generation going in this process: reads the logs into it, and where it is a build brings it to its end. It starts over after any failure of the whole; a build that keeps failing beside a
/// live generation is given up.
/// </summary>
internal sealed partial class GenerationRun<TKey, TRow> : IGenerationRun
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int MostFailuresOfABuild = 10;

    /// <summary>Of a build: large reads, since nobody waits for the first row; but no list of them is a large object.</summary>
    private const int EventsAtOnceOfABuild = 8_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ProjectionContext<TKey, TRow> context;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping;
    private readonly LogSignal changed = new();
    private readonly Task running;
    private volatile Generation generation;
    private volatile bool beside;
    private volatile bool finishes;

    public GenerationRun(ProjectionContext<TKey, TRow> context, Generation generation, bool besideLive, CancellationToken stopping)
    {
        this.context = context;
        logger = context.Logger;
        this.generation = generation;
        beside = besideLive;
        this.stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        finishes = generation.IsUnderWay;
        Progress = new GenerationProgress(context.Status.Advanced, context.Clock) { IsLive = generation.State == GenerationState.Live };
        Work = new LogSignal();
        running = Task.Run(RunAsync, CancellationToken.None);
    }

    public int Number => generation.Number;

    public GenerationProgress Progress { get; }

    public bool HasEnded => running.IsCompleted;

    /// <summary>Pulsed when an operator asked something about parked events.</summary>
    public LogSignal Work { get; }

    public bool IsOutdated(Generation now) => now.IsUnderWay && !finishes;

    public void Update(Generation now, bool besideLive)
    {
        generation = now;
        beside = besideLive;
        Progress.IsLive = now.State == GenerationState.Live;
        Progress.Pace = now.State == GenerationState.Live ? context.Pace : null;
        changed.Pulse();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private IGenerationRegistry Registry => context.Store.Registry;

    private async Task RunAsync()
    {
        Progress.Pace = generation.State == GenerationState.Live ? context.Pace : null;
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync();
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (RebuildRestartException restart)
            {
                Restarts(context.Definition.Name, Number, restart.Message);
                generation = generation with { InMemory = restart.InnerException is not RowsRefusedException && generation.InMemory };
                context.Status.Changed.Pulse();
            }
            catch (Exception exception)
            {
                Progress.Problem = exception.Message;
                Fails(context.Definition.Name, Number, exception);
                // A store or a transport that is away says nothing about the build; it is waited for, however long that takes.
                if (!IsAway(exception) && await GivenUpAsync(++failures, exception))
                    return;
                await Task.Delay(Pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static bool IsAway(Exception exception) => exception is StorageUnavailableException or EventsUnavailableException or BulkFillException { InnerException: StorageUnavailableException };

    private async Task<bool> GivenUpAsync(int failures, Exception exception)
    {
        if (failures < MostFailuresOfABuild && exception is not RebuildFailedException)
            return false;
        try
        {
            return await GiveUpAsync(exception.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends a build that cannot succeed. Without a live generation beside it there is nothing else to serve, so it is tried for ever.</summary>
    private async Task<bool> GiveUpAsync(string reason)
    {
        var ended = generation switch
        {
            _ when !beside => false,
            { IsReturning: true } => await Registry.StayRetiredAsync(Number, reason, null, stopping.Token),
            { State: GenerationState.Building or GenerationState.Ready } => await Registry.EndAsync(Number, GenerationState.Failed, reason, null, stopping.Token),
            _ => false,
        };
        if (ended)
            context.Status.Changed.Pulse();
        return ended;
    }

    private async Task RunOnceAsync()
    {
        Progress.Clear();
        var building = generation.State == GenerationState.Building;
        using var build = building ? context.Pace.Build() : null;
        var targets = building ? await TargetsAsync() : new Dictionary<LogPartition, long>();
        var nothingStored = building && (await Registry.CheckpointsAsync(Number, stopping.Token)).All(checkpoint => checkpoint.NextOffset == 0);
        var fold = new BatchFold<TKey, TRow>(context.Definition, context.Fold, generation.Until);
        var batches = new BatchApplier<TKey, TRow>(context.Store, fold, Number, Work);
        IBatchApplier applier = build is not null
            ? new RebuildApplier<TKey, TRow>(context.Store, fold, batches, Number, targets, generation.InMemory, nothingStored, context.Limits, new RebuildThrottle(build, context.Clock), Progress)
            : batches;

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        await using var reader = context.Transport.Open(new Subscription(
            context.Definition.GroupOf(Number, Registry.Instance),
            [.. context.Definition.Sources.Select(source => source.Catalogue.Log)],
            (partitions, cancellation) => Registry.TakeAsync(Number, partitions, cancellation))
        {
            FetchSize = building ? EventsAtOnceOfABuild : Subscription.DefaultFetchSize,
            ReportsApplied = true,
        });
        using var audited = generation.Purpose == Purpose.Verify ? new AuditedApplier(applier, context.Heads, Registry, Number) : null;
        var limits = generation.Purpose == Purpose.Snapshot ? targets : null;
        var reading = new ProjectionLoop(context.Definition, audited ?? applier, reader, Progress, limits, context.Logger).RunAsync(ended.Token);
        finishes = generation.IsUnderWay;
        var finishing = finishes ? FinishAsync(targets, audited, ended.Token) : Task.Delay(Timeout.Infinite, ended.Token);
        var watching = new StalledPartitionMonitor(context.Definition.Name, context.Transport, [.. context.Definition.Sources.Select(source => source.Catalogue.Log)], reader, Progress, context.Clock, context.Logger)
            .RunAsync(() => generation.State == GenerationState.Live, ended.Token);
        Progress.Problem = null;
        try
        {
            if (await Task.WhenAny(reading, finishing) == finishing)
            {
                await finishing;
                build?.Dispose();
                // Where it is the reading that failed, this run starts over and still finishes: its failures count.
                finishes = false;
            }

            // What was promoted goes on as the live one.
            if (reading.IsCompleted || generation.Purpose == Purpose.Rebuild)
                await reading;
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(reading, finishing, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyDictionary<LogPartition, long>> TargetsAsync()
    {
        if (generation.Targets is { } known)
            return known;
        string[] logs = [.. context.Definition.Sources.Select(source => source.Catalogue.Log)];
        var heads = generation.Until is { } until ? await context.Heads.AsOfAsync(logs, until, stopping.Token) : await context.Heads.NowAsync(logs, stopping.Token);
        // Nothing to fold: nothing to keep in memory.
        var inMemory = heads.Values.Any(head => head > 0);
        await Registry.BeginAsync(Number, heads, inMemory, stopping.Token);
        generation = (await Registry.ReadAsync(stopping.Token)).Find(Number)!;
        return generation.Targets ?? heads;
    }

    private Task FinishAsync(IReadOnlyDictionary<LogPartition, long> targets, AuditedApplier? audited, CancellationToken cancellation)
    {
        var finish = new GenerationFinish<TKey, TRow>(context, () => generation, Progress, changed);
        return generation.Purpose switch
        {
            Purpose.Snapshot => finish.KeepAsync(targets, cancellation),
            Purpose.Verify => finish.CompareAsync(targets, audited!, cancellation),
            _ => finish.PromoteAsync(targets, cancellation),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Generation {Generation} of {Projection} failed and starts over.")]
    private partial void Fails(string projection, int generation, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Generation {Generation} of {Projection} starts over: {Reason}")]
    private partial void Restarts(string projection, int generation, string reason);
}
