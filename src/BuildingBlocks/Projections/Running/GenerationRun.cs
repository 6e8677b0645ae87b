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
/// Runs one generation in this process: applies the logs to it, and finishes it if it is a build. It restarts after a failure. A build that
/// keeps failing is ended if another generation is live.
/// </summary>
internal sealed partial class GenerationRun<TKey, TRow> : IGenerationRun
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int MaxBuildFailures = 10;

    // Large reads, since no query waits for the first row; but small enough that no list of them is a large object.
    private const int EventsPerReadOfBuild = 8_000;
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);

    private readonly ProjectionContext<TKey, TRow> context;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping;
    private readonly LogSignal changed = new();
    private readonly Task running;
    private volatile Generation generation;
    private volatile bool hasOtherLive;
    private volatile bool finishes;

    public GenerationRun(ProjectionContext<TKey, TRow> context, Generation generation, bool hasOtherLive, CancellationToken stopping)
    {
        this.context = context;
        logger = context.Logger;
        this.generation = generation;
        this.hasOtherLive = hasOtherLive;
        this.stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        finishes = generation.IsUnderWay;
        Progress = new GenerationProgress(context.Status.Advanced, context.Clock) { IsLive = generation.State == GenerationState.Live };
        Requests = new LogSignal();
        running = Task.Run(RunAsync, CancellationToken.None);
    }

    public int Number => generation.Number;

    public GenerationProgress Progress { get; }

    public bool HasEnded => running.IsCompleted;

    public LogSignal Requests { get; }

    public bool IsOutdated(Generation current) => current.IsUnderWay && !finishes;

    public void Update(Generation current, bool hasOtherLive)
    {
        generation = current;
        this.hasOtherLive = hasOtherLive;
        Progress.IsLive = current.State == GenerationState.Live;
        Progress.LagTracker = current.State == GenerationState.Live ? context.LagTracker : null;
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
        Progress.LagTracker = generation.State == GenerationState.Live ? context.LagTracker : null;
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
                LogRestart(context.Definition.Name, Number, restart.Message);
                generation = generation with { InMemory = restart.InnerException is not RowsRefusedException && generation.InMemory };
                context.Status.Changed.Pulse();
            }
            catch (Exception exception)
            {
                Progress.Problem = exception.Message;
                LogFailure(context.Definition.Name, Number, exception);
                // An unavailable store or transport is not a failure of the build: it is retried for as long as it takes.
                if (!IsUnavailable(exception) && await IsEndedAsync(++failures, exception))
                    return;
                await Task.Delay(RestartPause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static bool IsUnavailable(Exception exception) => exception
        is StorageUnavailableException or EventsUnavailableException or BulkFillException { InnerException: StorageUnavailableException };

    private async Task<bool> IsEndedAsync(int failures, Exception exception)
    {
        if (failures < MaxBuildFailures && exception is not RebuildFailedException)
            return false;
        try
        {
            return await EndBuildAsync(exception.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return false;
        }
    }

    // Without another live generation there is no other source of rows, so the build is retried forever.
    private async Task<bool> EndBuildAsync(string reason)
    {
        var ended = generation switch
        {
            _ when !hasOtherLive => false,
            { IsCatchingUp: true } => await Registry.CancelCatchUpAsync(Number, reason, null, stopping.Token),
            { State: GenerationState.Building or GenerationState.Ready } => await Registry.EndAsync(
                Number, GenerationState.Failed, reason, null, stopping.Token),
            _ => false,
        };
        if (ended)
            context.Status.Changed.Pulse();
        return ended;
    }

    private async Task RunOnceAsync()
    {
        Progress.Clear();
        var isBuild = generation.State == GenerationState.Building;
        using var lag = isBuild ? context.LagTracker.BeginRebuild() : null;
        var targets = isBuild ? await TargetsAsync() : new Dictionary<LogPartition, long>();
        var applier = await ApplierAsync(targets, lag);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        await using var reader = context.Transport.Open(SubscriptionOf(isBuild));
        using var audited = generation.Purpose == Purpose.Verify ? new AuditedApplier(applier, context.Heads, Registry, Number) : null;
        var limits = generation.Purpose == Purpose.Snapshot ? targets : null;
        var reading = new ProjectionLoop(
            context.Definition, audited ?? applier, reader, Progress, limits, context.Logger).RunAsync(ended.Token);
        finishes = generation.IsUnderWay;
        var finishing = finishes ? FinishAsync(targets, audited, ended.Token) : Task.Delay(Timeout.Infinite, ended.Token);
        var monitoring = new StalledPartitionMonitor(
            context.Definition.Name, context.Transport, Logs, reader, Progress, context.Clock, context.Logger)
            .RunAsync(() => generation.State == GenerationState.Live, ended.Token);
        Progress.Problem = null;
        try
        {
            if (await Task.WhenAny(reading, finishing) == finishing)
            {
                await finishing;
                lag?.Dispose();
                // If reading fails instead, this run restarts and still has to finish: its failures count.
                finishes = false;
            }

            // A promoted generation continues as the live one.
            if (reading.IsCompleted || generation.Purpose == Purpose.Rebuild)
                await reading;
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(reading, finishing, monitoring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private string[] Logs => [.. context.Definition.Sources.Select(source => source.Catalogue.Log)];

    private Subscription SubscriptionOf(bool isBuild) => new(
        context.Definition.GroupOf(Number, Registry.Instance),
        Logs,
        (partitions, cancellation) => Registry.ClaimPartitionsAsync(Number, partitions, cancellation))
    {
        FetchSize = isBuild ? EventsPerReadOfBuild : Subscription.DefaultFetchSize,
        ReportsApplied = true,
    };

    private async Task<IBatchApplier> ApplierAsync(IReadOnlyDictionary<LogPartition, long> targets, LagSampler? lag)
    {
        var fold = new BatchFold<TKey, TRow>(context.Definition, context.Fold, generation.Until);
        var batches = new BatchApplier<TKey, TRow>(context.Store, fold, Number, Requests);
        if (lag is null)
            return batches;
        var isEmpty = (await Registry.CheckpointsAsync(Number, stopping.Token)).All(checkpoint => checkpoint.NextOffset == 0);
        var throttle = new RebuildThrottle(lag, context.Clock);
        return new RebuildApplier<TKey, TRow>(
            context.Store, fold, batches, Number, targets, generation.InMemory, isEmpty, context.Limits, throttle, Progress);
    }

    private async Task<IReadOnlyDictionary<LogPartition, long>> TargetsAsync()
    {
        if (generation.Targets is { } known)
            return known;
        var heads = generation.Until is { } until
            ? await context.Heads.AsOfAsync(Logs, until, stopping.Token)
            : await context.Heads.NowAsync(Logs, stopping.Token);
        var inMemory = heads.Values.Any(head => head > 0);
        await Registry.SetTargetsAsync(Number, heads, inMemory, stopping.Token);
        generation = (await Registry.ReadAsync(stopping.Token)).Find(Number)!;
        return generation.Targets ?? heads;
    }

    private Task FinishAsync(IReadOnlyDictionary<LogPartition, long> targets, AuditedApplier? audited, CancellationToken cancellation)
    {
        var finish = new GenerationFinish<TKey, TRow>(context, () => generation, Progress, changed);
        return generation.Purpose switch
        {
            Purpose.Snapshot => finish.CompleteSnapshotAsync(targets, cancellation),
            Purpose.Verify => finish.CompareAsync(targets, audited!, cancellation),
            _ => finish.PromoteAsync(targets, cancellation),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Generation {Generation} of {Projection} failed and restarts.")]
    private partial void LogFailure(string projection, int generation, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Generation {Generation} of {Projection} restarts: {Reason}")]
    private partial void LogRestart(string projection, int generation, string reason);
}
