using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Projections.Verification;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Finishes a build: promotes it, keeps it as a snapshot, or compares it with the live generation and drops it.</summary>
internal sealed class GenerationFinish<TKey, TRow>(
    ProjectionContext<TKey, TRow> context, Func<Generation> current, GenerationProgress progress, LogSignal changed)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>A lead of the live generation that is caught up while its writes are blocked for a moment.</summary>
    private const long MaxLeadToBlock = 2_000;
    private const int AttemptsBeforeBlocking = 3;

    private static readonly TimeSpan AttemptInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IntervalWhileFarBehind = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BlockDuration = TimeSpan.FromMilliseconds(500);

    /// <summary>Queries that held a lock get this long before the next attempt makes new ones wait.</summary>
    private static readonly TimeSpan PauseAfterBusy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseAfterBlock = TimeSpan.FromSeconds(1);

    private readonly IGenerationRegistry registry = context.Store.Registry;

    private int Number => current().Number;

    public async Task PromoteAsync(IReadOnlyDictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        await WaitForTargetsAsync(targets, cancellation);
        while (true)
        {
            await WaitForRequestAsync(cancellation);
            var outcome = await AttemptAsync(cancellation);
            switch (outcome)
            {
                case PromotionOutcome.Promoted:
                    context.Status.Changed.Pulse();
                    return;
                case PromotionOutcome.NewDeadLetters:
                    await registry.MarkReadyAsync(
                        Number,
                        "it has dead letters for keys without any in the live generation; correct the fold, or promote it manually",
                        cancellation);
                    context.Status.Changed.Pulse();
                    break;
                case PromotionOutcome.Refused:
                    // The registry has changed: read it before the next attempt.
                    context.Status.Changed.Pulse();
                    await Task.Delay(PauseAfterBusy, cancellation);
                    break;
                default:
                    break;
            }
        }
    }

    public async Task CompleteSnapshotAsync(IReadOnlyDictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        await WaitForTargetsAsync(targets, cancellation);
        var (_, hash) = await new RowHash<TKey, TRow>(context.Store).OfAsync(Number, cancellation);
        await registry.CompleteSnapshotAsync(Number, hash, cancellation);
        context.Status.Changed.Pulse();
    }

    public async Task CompareAsync(IReadOnlyDictionary<LogPartition, long> targets, AuditedApplier audit, CancellationToken cancellation)
    {
        var live = (await registry.ReadAsync(cancellation)).Live?.Number
            ?? throw new RebuildFailedException("There is no live generation to compare with.");
        var comparison = new RowComparison<TKey, TRow>(context.Store, context.Heads, context.Definition, context.Status);
        var gaps = await context.Heads.AuditAsync(targets, cancellation);
        var result = await WaitForReplayAsync(targets, gaps.Count > 0, cancellation) is { } stopReason
            ? await IncomparableAsync(targets, gaps, stopReason, cancellation)
            : await comparison.CompareAsync(live, Number, audit, () => FaultsAsync(gaps, cancellation), cancellation);
        if (result.RowHash is { } hash)
            await registry.SetRowHashAsync(live, hash, cancellation);
        if (current().Operation is { } operation)
            await registry.EndOperationAsync(
                operation, OperationState.Done, comparison.Sentence(result), VerifyJson.Write(result), cancellation);
        await registry.EndAsync(Number, GenerationState.Dropped, null, null, cancellation);
        context.Status.Changed.Pulse();
    }

    private async Task<VerifyResult> IncomparableAsync(
        IReadOnlyDictionary<LogPartition, long> targets, IReadOnlyList<string> gaps, string reason, CancellationToken cancellation) => new(
        Matches: false,
        Rows: 0,
        RowHash: null,
        DifferingRows: 0,
        Differences: [],
        LogFaults: [.. await FaultsAsync(gaps, cancellation), reason],
        MoreDiffer: false,
        LogsElsewhere: context.Heads.Elsewhere(targets.Keys.Select(partition => partition.Log)));

    /// <summary>The faults that any host found during the replay, and the gaps of the log.</summary>
    private async Task<IReadOnlyList<string>> FaultsAsync(IReadOnlyList<string> gaps, CancellationToken cancellation) =>
        [.. (await registry.ReadAsync(cancellation)).Find(Number)?.Faults ?? [], .. gaps];

    /// <summary>Waits until the replay has reached the heads. If the log has gaps, which stay, returns why it cannot reach them.</summary>
    private async Task<string?> WaitForReplayAsync(
        IReadOnlyDictionary<LogPartition, long> targets, bool hasGaps, CancellationToken cancellation)
    {
        try
        {
            await WaitForTargetsAsync(targets, cancellation, failsIfWaiting: hasGaps);
            return null;
        }
        catch (RebuildFailedException failed) when (hasGaps)
        {
            return failed.Message;
        }
    }

    /// <summary>Waits until the build has reached its targets; fails if a partition of it is stopped.</summary>
    private async Task WaitForTargetsAsync(
        IReadOnlyDictionary<LogPartition, long> targets, CancellationToken cancellation, bool failsIfWaiting = false)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var stopped = WaitForStopAsync(failsIfWaiting, linked.Token);
        var reached = progress.WaitForAsync(targets, linked.Token);
        var first = await Task.WhenAny(stopped, reached);
        await linked.CancelAsync();
        await Task.WhenAll(stopped, reached).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (first == stopped)
            throw new RebuildFailedException(await stopped);
        await first;
    }

    private async Task<string> WaitForStopAsync(bool orWaiting, CancellationToken cancellation)
    {
        while (true)
        {
            var version = context.Status.Advanced.Version;
            var reasons = progress.Partitions.Select(partition => partition.Stopped ?? (orWaiting ? partition.Waiting : null));
            if (reasons.FirstOrDefault(reason => reason is not null) is { } reason)
                return reason;
            await context.Status.Advanced.WaitAsync(version, cancellation);
        }
    }

    private async Task WaitForRequestAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var version = changed.Version;
            var now = current();
            if (now.Promotion == Promotion.Auto)
                return;
            if (now.State == GenerationState.Building)
            {
                await registry.MarkReadyAsync(Number, "it is built and follows the log; promote it when you are ready", cancellation);
                context.Status.Changed.Pulse();
            }

            await changed.WaitAsync(version, cancellation);
        }
    }

    /// <summary>
    /// Tries until the outcome is final; blocks writes to the live generation for a moment if the two cannot meet otherwise.
    /// </summary>
    private async Task<PromotionOutcome> AttemptAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await registry.PromoteAsync(Number, cancellation);
            if (outcome is not (PromotionOutcome.Behind or PromotionOutcome.Busy))
                return outcome;
            if (progress.Partitions.FirstOrDefault(partition => partition.Stopped is not null) is { Stopped: { } reason })
                throw new RebuildFailedException(reason);

            if (outcome == PromotionOutcome.Busy)
            {
                await Task.Delay(PauseAfterBusy, cancellation);
            }
            else if (await LeadAsync(cancellation) > MaxLeadToBlock)
            {
                await Task.Delay(IntervalWhileFarBehind, cancellation);
            }
            else if (attempt % AttemptsBeforeBlocking == 0)
            {
                var blocked = await AttemptWithBlockedWritesAsync(cancellation);
                if (blocked != PromotionOutcome.Behind)
                    return blocked;
                await Task.Delay(PauseAfterBlock, cancellation);
            }
            else
            {
                await Task.Delay(AttemptInterval, cancellation);
            }
        }
    }

    private async Task<PromotionOutcome> AttemptWithBlockedWritesAsync(CancellationToken cancellation)
    {
        await registry.BlockLiveWritesAsync(BlockDuration, cancellation);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(BlockDuration);
        while (!bounded.IsCancellationRequested)
        {
            var outcome = await registry.PromoteAsync(Number, cancellation);
            if (outcome is not (PromotionOutcome.Behind or PromotionOutcome.Busy))
                return outcome;
            if (outcome == PromotionOutcome.Busy)
                break;
            await Task.Delay(AttemptInterval, cancellation);
        }

        // The attempt has failed: writes need not wait any longer.
        await registry.BlockLiveWritesAsync(TimeSpan.Zero, cancellation);
        return PromotionOutcome.Behind;
    }

    /// <summary>How many events the live generation has applied that this one has not.</summary>
    private async Task<long> LeadAsync(CancellationToken cancellation)
    {
        if ((await registry.ReadAsync(cancellation)).Live is not { } live)
            return 0;
        var own = (await registry.CheckpointsAsync(Number, cancellation))
            .ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);
        return (await registry.CheckpointsAsync(live.Number, cancellation))
            .Sum(checkpoint => Math.Max(0, checkpoint.NextOffset - own.GetValueOrDefault(checkpoint.Partition)));
    }
}
