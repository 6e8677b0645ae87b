using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// Makes another generation live where the document and what queries read cannot change in one transaction. Which of them comes first is the store's to say; what a crash leaves between the two is
/// brought together when they are next looked at.
/// </summary>
/// <param name="state">The registry's document.</param>
/// <param name="rows">What lives with the rows.</param>
/// <param name="clock">The time.</param>
internal sealed class DocumentPromotion(DocumentState state, IGenerationRows rows, TimeProvider clock)
{
    private static readonly TimeSpan AgreesEvery = TimeSpan.FromSeconds(1);

    private long agreedAt;

    /// <summary>Tries to promote a generation. The caller takes no other step meanwhile.</summary>
    public async Task<PromotionOutcome> PromoteAsync(int generation, CancellationToken cancellation)
    {
        var before = await state.ReadAsync(cancellation);
        if (!before.IsToBePromoted(generation))
            return PromotionOutcome.Refused;
        if (before.Live?.Number is not { } live)
            return await FlipAsync(generation, null, cancellation);
        // Nobody is kept out for a look that says no.
        if (await IsBehindAsync(generation, await rows.CheckpointsAsync(live, cancellation), cancellation))
            return PromotionOutcome.Behind;
        await using var frozen = await rows.FreezeAsync(live, cancellation);
        if (frozen is null)
            return PromotionOutcome.Busy;
        if (await IsBehindAsync(generation, await rows.ShownAsync(live, cancellation), cancellation))
            return PromotionOutcome.Behind;
        if (before.Find(generation)!.Generation.State == GenerationState.Building && await HasMoreParkedAsync(generation, live, cancellation))
            return PromotionOutcome.Parked;
        return await FlipAsync(generation, live, cancellation);
    }

    /// <summary>Shows to queries what the document says is live; or, where what they read is changed first, brings the two together.</summary>
    public async Task ShowAsync(CancellationToken cancellation)
    {
        if (rows.ShowsFirst)
            await AgreeAsync(cancellation);
        else
            await ShowLiveAsync(cancellation);
    }

    /// <summary>Shows to queries what the document says is live.</summary>
    public async Task ShowLiveAsync(CancellationToken cancellation) => await rows.ShowAsync((await state.ReadAsync(cancellation)).Live?.Number, cancellation);

    /// <summary>Brings the document and what queries read together, where they can differ and that was not done for a second.</summary>
    public async Task AgreeWhereDueAsync(CancellationToken cancellation)
    {
        if (rows.ShowsFirst && (agreedAt == 0 || clock.GetElapsedTime(agreedAt) > AgreesEvery))
            await AgreeAsync(cancellation);
    }

    private async Task<bool> IsBehindAsync(int candidate, IReadOnlyList<PartitionCheckpoint> live, CancellationToken cancellation)
    {
        var reached = (await rows.CheckpointsAsync(candidate, cancellation)).ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);
        return live.Any(checkpoint => reached.GetValueOrDefault(checkpoint.Partition) < checkpoint.NextOffset);
    }

    private async Task<bool> HasMoreParkedAsync(int candidate, int live, CancellationToken cancellation)
    {
        var parked = await rows.ParkedKeysAsync(candidate, cancellation);
        return parked.Count > 0 && !parked.IsSubsetOf(await rows.ParkedKeysAsync(live, cancellation));
    }

    private async Task<PromotionOutcome> FlipAsync(int generation, int? live, CancellationToken cancellation)
    {
        await rows.FlushAsync(generation, cancellation);
        if (rows.ShowsFirst)
            await rows.ShowAsync(generation, cancellation);
        var flipped = await state.ChangeAsync(
            now => now.IsToBePromoted(generation) && now.Live?.Number == live ? now.Promote(generation, clock.GetUtcNow()) : now, cancellation);
        if (flipped)
        {
            if (!rows.ShowsFirst)
                await rows.ShowAsync(generation, cancellation);
            return PromotionOutcome.Promoted;
        }

        if (!rows.ShowsFirst)
            return PromotionOutcome.Busy;
        // Another process may have seen what queries read, and mended the registry.
        await AgreeAsync(cancellation);
        return (await state.ReadAsync(cancellation)).Live?.Number == generation ? PromotionOutcome.Promoted : PromotionOutcome.Busy;
    }

    /// <summary>A promotion that was begun is ended, anything else that queries read is not the live generation.</summary>
    private async Task AgreeAsync(CancellationToken cancellation)
    {
        var queried = await rows.QueriedAsync(cancellation);
        var before = await state.ReadAsync(cancellation);
        if (queried != before.Live?.Number
            && !(queried is { } shown && await state.ChangeAsync(now => now.IsToBePromoted(shown) ? now.Promote(shown, clock.GetUtcNow()) : now, cancellation)))
        {
            await ShowLiveAsync(cancellation);
        }

        Volatile.Write(ref agreedAt, clock.GetTimestamp());
    }
}
