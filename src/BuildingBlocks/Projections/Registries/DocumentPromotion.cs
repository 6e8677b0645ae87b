using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// Promotes a generation where the registry document and the generation that queries read cannot change in one transaction. The store says
/// which of them changes first (<see cref="IGenerationRows.ServesBeforeRegistry"/>). After a crash between the two steps, they are
/// reconciled at the next read.
/// </summary>
internal sealed class DocumentPromotion(DocumentState state, IGenerationRows rows, TimeProvider clock)
{
    private static readonly TimeSpan ReconcileInterval = TimeSpan.FromSeconds(1);

    private long reconciledAt;

    /// <summary>Tries to promote a generation. The caller runs no other step meanwhile.</summary>
    public async Task<PromotionOutcome> PromoteAsync(int generation, CancellationToken cancellation)
    {
        var before = await state.ReadAsync(cancellation);
        if (!before.IsToBePromoted(generation))
            return PromotionOutcome.Refused;
        if (before.Live?.Number is not { } live)
            return await SwitchAsync(generation, null, cancellation);
        // Compared first without blocking writes, since most attempts end here.
        if (await IsBehindAsync(generation, await rows.CheckpointsAsync(live, cancellation), cancellation))
            return PromotionOutcome.Behind;
        await using var block = await rows.BlockWritesAsync(live, cancellation);
        if (block is null)
            return PromotionOutcome.Busy;
        if (await IsBehindAsync(generation, await rows.VisibleCheckpointsAsync(live, cancellation), cancellation))
            return PromotionOutcome.Behind;
        if (before.Find(generation)!.Generation.State == GenerationState.Building
            && await HasNewDeadLettersAsync(generation, live, cancellation))
        {
            return PromotionOutcome.NewDeadLetters;
        }
        return await SwitchAsync(generation, live, cancellation);
    }

    /// <summary>Switches queries to the live generation of the document, or reconciles the two.</summary>
    public async Task ServeAsync(CancellationToken cancellation)
    {
        if (rows.ServesBeforeRegistry)
            await ReconcileAsync(cancellation);
        else
            await ServeLiveAsync(cancellation);
    }

    public async Task ServeLiveAsync(CancellationToken cancellation) =>
        await rows.ServeAsync((await state.ReadAsync(cancellation)).Live?.Number, cancellation);

    /// <summary>Reconciles the document and the generation that queries read, at most once a second.</summary>
    public async Task ReconcileIfDueAsync(CancellationToken cancellation)
    {
        if (rows.ServesBeforeRegistry && (reconciledAt == 0 || clock.GetElapsedTime(reconciledAt) > ReconcileInterval))
            await ReconcileAsync(cancellation);
    }

    private async Task<bool> IsBehindAsync(int candidate, IReadOnlyList<PartitionCheckpoint> live, CancellationToken cancellation)
    {
        var reached = (await rows.CheckpointsAsync(candidate, cancellation))
            .ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);
        return live.Any(checkpoint => reached.GetValueOrDefault(checkpoint.Partition) < checkpoint.NextOffset);
    }

    private async Task<bool> HasNewDeadLettersAsync(int candidate, int live, CancellationToken cancellation)
    {
        var keys = await rows.DeadLetterKeysAsync(candidate, cancellation);
        return keys.Count > 0 && !keys.IsSubsetOf(await rows.DeadLetterKeysAsync(live, cancellation));
    }

    private async Task<PromotionOutcome> SwitchAsync(int generation, int? live, CancellationToken cancellation)
    {
        await rows.FlushAsync(generation, cancellation);
        if (rows.ServesBeforeRegistry)
            await rows.ServeAsync(generation, cancellation);
        var promoted = await state.ChangeAsync(
            now => now.IsToBePromoted(generation) && now.Live?.Number == live ? now.Promote(generation, clock.GetUtcNow()) : now,
            cancellation);
        if (promoted)
        {
            if (!rows.ServesBeforeRegistry)
                await rows.ServeAsync(generation, cancellation);
            return PromotionOutcome.Promoted;
        }

        if (!rows.ServesBeforeRegistry)
            return PromotionOutcome.Busy;
        // Another process may have reconciled the registry with what queries read.
        await ReconcileAsync(cancellation);
        return (await state.ReadAsync(cancellation)).Live?.Number == generation ? PromotionOutcome.Promoted : PromotionOutcome.Busy;
    }

    // Completes a promotion that was interrupted. Otherwise queries are switched back to the live generation of the document.
    private async Task ReconcileAsync(CancellationToken cancellation)
    {
        var served = await rows.ServedGenerationAsync(cancellation);
        var before = await state.ReadAsync(cancellation);
        if (served != before.Live?.Number && !(served is { } number && await CompletePromotionAsync(number, cancellation)))
            await ServeLiveAsync(cancellation);
        Volatile.Write(ref reconciledAt, clock.GetTimestamp());
    }

    private Task<bool> CompletePromotionAsync(int generation, CancellationToken cancellation) => state.ChangeAsync(
        now => now.IsToBePromoted(generation) ? now.Promote(generation, clock.GetUtcNow()) : now, cancellation);
}
