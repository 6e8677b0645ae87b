using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Projections.Verification;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>The end of a build: it is promoted, kept as a snapshot, or compared with the live generation and dropped.</summary>
internal sealed class GenerationFinish<TKey, TRow>(ProjectionContext<TKey, TRow> context, Func<Generation> current, GenerationProgress progress, LogSignal changed)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>A lead that is made up within a moment of holding the live generation.</summary>
    private const long WithinReach = 2_000;
    private const int AttemptsBeforeHolding = 3;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WhileFarBehind = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(500);

    /// <summary>Readers that were in the way get this long before the next attempt makes new ones wait.</summary>
    private static readonly TimeSpan AfterBusy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterHold = TimeSpan.FromSeconds(1);

    private readonly IGenerationRegistry registry = context.Store.Registry;

    private int Number => current().Number;

    public async Task PromoteAsync(IReadOnlyDictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        await ReachAsync(targets, cancellation);
        while (true)
        {
            await WaitForAskedAsync(cancellation);
            var outcome = await AttemptAsync(cancellation);
            switch (outcome)
            {
                case PromotionOutcome.Promoted:
                    context.Status.Changed.Pulse();
                    return;
                case PromotionOutcome.Parked:
                    await registry.MarkReadyAsync(Number, "it has parked keys that the live generation has not; look at them, mend the code, or promote it by hand", cancellation);
                    context.Status.Changed.Pulse();
                    break;
                case PromotionOutcome.Refused:
                    // The registry says something else by now: look at it before the next attempt.
                    context.Status.Changed.Pulse();
                    await Task.Delay(AfterBusy, cancellation);
                    break;
                default:
                    break;
            }
        }
    }

    public async Task KeepAsync(IReadOnlyDictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        await ReachAsync(targets, cancellation);
        var (_, hash) = await new RowHash<TKey, TRow>(context.Store).OfAsync(Number, cancellation);
        await registry.KeepAsync(Number, hash, cancellation);
        context.Status.Changed.Pulse();
    }

    public async Task CompareAsync(IReadOnlyDictionary<LogPartition, long> targets, AuditedApplier audit, CancellationToken cancellation)
    {
        var live = (await registry.ReadAsync(cancellation)).Live?.Number ?? throw new RebuildFailedException("There is no live generation to compare with.");
        var comparison = new RowComparison<TKey, TRow>(context.Store, context.Heads, context.Definition, context.Status);
        var holes = await context.Heads.AuditAsync(targets, cancellation);
        var result = await BarredAsync(targets, holes.Count > 0, cancellation) is { } barred
            ? new VerifyResult(false, 0, null, 0, [], [.. await FaultsAsync(holes, cancellation), barred], false, context.Heads.Elsewhere(targets.Keys.Select(partition => partition.Log)))
            : await comparison.CompareAsync(live, Number, audit, () => FaultsAsync(holes, cancellation), cancellation);
        if (result.RowHash is { } hash)
            await registry.NoteHashAsync(live, hash, cancellation);
        if (current().Operation is { } operation)
            await registry.EndOperationAsync(operation, OperationState.Done, comparison.Sentence(result), VerifyJson.Write(result), cancellation);
        await registry.EndAsync(Number, GenerationState.Dropped, null, null, cancellation);
        context.Status.Changed.Pulse();
    }

    /// <summary>What was found in what the transport brought, by whichever host replayed it, and the holes of the log.</summary>
    private async Task<IReadOnlyList<string>> FaultsAsync(IReadOnlyList<string> holes, CancellationToken cancellation) =>
        [.. (await registry.ReadAsync(cancellation)).Find(Number)?.Faults ?? [], .. holes];

    /// <summary>Waits until a replay has reached the heads, or says why a log with holes does not let it: nobody fills them.</summary>
    private async Task<string?> BarredAsync(IReadOnlyDictionary<LogPartition, long> targets, bool holes, CancellationToken cancellation)
    {
        try
        {
            await ReachAsync(targets, cancellation, orWaits: holes);
            return null;
        }
        catch (RebuildFailedException failed) when (holes)
        {
            return failed.Message;
        }
    }

    /// <summary>Waits until the build has reached the heads that it began with; fails when a partition of it is stopped.</summary>
    private async Task ReachAsync(IReadOnlyDictionary<LogPartition, long> targets, CancellationToken cancellation, bool orWaits = false)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var stopped = StoppedAsync(orWaits, both.Token);
        var reached = progress.ReachedAsync(targets, both.Token);
        var first = await Task.WhenAny(stopped, reached);
        await both.CancelAsync();
        await Task.WhenAll(stopped, reached).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (first == stopped)
            throw new RebuildFailedException(await stopped);
        await first;
    }

    private async Task<string> StoppedAsync(bool orWaits, CancellationToken cancellation)
    {
        while (true)
        {
            var seen = context.Status.Advanced.Version;
            if (progress.Partitions.Select(partition => partition.Stopped ?? (orWaits ? partition.Waiting : null)).FirstOrDefault(reason => reason is not null) is { } reason)
                return reason;
            await context.Status.WaitForChangeAsync(seen, cancellation);
        }
    }

    private async Task WaitForAskedAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var seen = changed.Version;
            var now = current();
            if (now.Promotion == Promotion.Auto)
                return;
            if (now.State == GenerationState.Building)
            {
                await registry.MarkReadyAsync(Number, "it is built and follows the log; promote it when you are ready", cancellation);
                context.Status.Changed.Pulse();
            }

            await changed.WaitAsync(seen, cancellation);
        }
    }

    /// <summary>Tries until something is decided; holds the live generation for a moment where the two cannot meet otherwise.</summary>
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
                await Task.Delay(AfterBusy, cancellation);
            }
            else if (await LeadAsync(cancellation) > WithinReach)
            {
                await Task.Delay(WhileFarBehind, cancellation);
            }
            else if (attempt % AttemptsBeforeHolding == 0)
            {
                var held = await AttemptHoldingAsync(cancellation);
                if (held != PromotionOutcome.Behind)
                    return held;
                await Task.Delay(AfterHold, cancellation);
            }
            else
            {
                await Task.Delay(BetweenAttempts, cancellation);
            }
        }
    }

    private async Task<PromotionOutcome> AttemptHoldingAsync(CancellationToken cancellation)
    {
        await registry.HoldAsync(Hold, cancellation);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        held.CancelAfter(Hold);
        while (!held.IsCancellationRequested)
        {
            var outcome = await registry.PromoteAsync(Number, cancellation);
            if (outcome is not (PromotionOutcome.Behind or PromotionOutcome.Busy))
                return outcome;
            if (outcome == PromotionOutcome.Busy)
                break;
            await Task.Delay(BetweenAttempts, cancellation);
        }

        // Nobody has to wait for a promotion that does not come.
        await registry.HoldAsync(TimeSpan.Zero, cancellation);
        return PromotionOutcome.Behind;
    }

    /// <summary>How many events the live generation has that this one has not.</summary>
    private async Task<long> LeadAsync(CancellationToken cancellation)
    {
        if ((await registry.ReadAsync(cancellation)).Live is not { } live)
            return 0;
        var own = (await registry.CheckpointsAsync(Number, cancellation)).ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);
        return (await registry.CheckpointsAsync(live.Number, cancellation)).Sum(checkpoint => Math.Max(0, checkpoint.NextOffset - own.GetValueOrDefault(checkpoint.Partition)));
    }
}
