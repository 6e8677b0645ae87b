using System.Runtime.CompilerServices;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>
/// Rebuilds a generation that no query reads: folds in memory and fills the store when the heads are reached, in several rounds if memory
/// does not hold all rows. From then on it applies batches. Until it has reached the heads, it pauses after each batch as the throttle
/// says.
/// </summary>
internal sealed class RebuildApplier<TKey, TRow>(
    IProjectionStore<TKey, TRow> store,
    BatchFold<TKey, TRow> fold,
    BatchApplier<TKey, TRow> batches,
    int generation,
    IReadOnlyDictionary<LogPartition, long> targets,
    bool inMemory,
    bool isEmpty,
    RebuildLimits limits,
    RebuildThrottle throttle,
    GenerationProgress progress) : IBatchApplier
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int RowsPerChunk = 5_000;
    private const int MaxFailedFills = 3;

    /// <summary>
    /// After a collection, memory counts as full from this share of the limit: the rest must be worth the next collection.
    /// </summary>
    private const double FullAfterCollection = 0.75;

    /// <summary>The keys written by earlier rounds; null if an earlier run wrote some, whose keys are not known.</summary>
    private readonly WrittenKeyFilter<TKey>? writtenKeys = isEmpty ? new() : null;
    private readonly Dictionary<TKey, TRow?> rows = [];
    private readonly Dictionary<TKey, RowOffset>? rowOffsets = store.KeepsRowOffsets ? [] : null;
    private readonly HashSet<TKey> stored = [];
    private readonly HashSet<TKey> deadLetterKeys = [];
    private readonly List<DeadLetterEvent<TKey>> deadLetters = [];
    private readonly Dictionary<PartitionCursor, CheckpointAdvance> folded = [];
    private readonly HashSet<LogPartition> assigned = [];
    private readonly HashSet<LogPartition> unfinished = [.. targets.Where(target => target.Value > 0).Select(target => target.Key)];
    private readonly Dictionary<LogPartition, long> nextOffsets = [];
    private long heapBefore = GC.GetTotalMemory(false);
    private long eventsOfRound;
    private long rowsWritten;
    private bool fillIsDue;
    private int failedFills;
    private bool hasReachedTargets;

    public LogSignal Requests => batches.Requests;

    public async Task ApplyAsync(EventBatch batch, CancellationToken cancellation)
    {
        throttle.Begin();
        if (inMemory)
            await FoldAsync(batch, cancellation);
        else
            await batches.ApplyAsync(batch, cancellation);
        await PauseAsync(cancellation);
    }

    public Task AddDeadLetterAsync(BatchEntry entry, string reason, CancellationToken cancellation) =>
        batches.AddDeadLetterAsync(entry, reason, cancellation);

    public Task HandleRequestsAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation) =>
        inMemory ? Task.CompletedTask : batches.HandleRequestsAsync(owned, cancellation);

    public void OnAssigned(Checkpoint checkpoint)
    {
        if (inMemory && !assigned.Add(checkpoint.Partition))
            throw new RebuildRestartException($"{checkpoint.Partition} was assigned again while it was folded in memory.");
        Advance(checkpoint.Partition, checkpoint.NextOffset);
    }

    private async Task FoldAsync(EventBatch batch, CancellationToken cancellation)
    {
        // A batch whose fill failed is applied again, and is folded already.
        if (!fillIsDue)
        {
            var keyed = fold.Key(batch);
            var (before, applied) = await LoadAsync(keyed, cancellation);
            fold.Fold(keyed, before, applied, rows, rowOffsets, deadLetterKeys, deadLetters);
            foreach (var (cursor, advance) in batch.Advances())
            {
                folded[cursor] = advance;
                cursor.MarkFolded(advance);
                Advance(cursor.Partition, advance.To);
            }

            eventsOfRound += batch.Count;
            ReportFill(0);
            fillIsDue = unfinished.Count == 0 || IsFull();
        }

        if (!fillIsDue)
            return;
        // Published before the rows are written, which may take long.
        progress.Publish(folded.Keys);
        await FillAsync(cancellation);
    }

    private void Advance(LogPartition partition, long nextOffset)
    {
        nextOffsets[partition] = nextOffset;
        if (nextOffset >= targets.GetValueOrDefault(partition))
            unfinished.Remove(partition);
    }

    private bool IsFull()
    {
        if (rows.Count + deadLetters.Count >= limits.MaxRows)
            return true;
        if (HeapGrowth <= limits.MaxBytes)
            return false;
        // Much of it is garbage of earlier batches, which the runtime does not collect while the machine has free memory.
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        if (HeapGrowth <= limits.MaxBytes * FullAfterCollection)
            return false;
        // What a reader held during earlier collections is in an older generation by now. A full collection costs less than a round, since
        // written rows have to be read again with every later event of their keys.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        return HeapGrowth > limits.MaxBytes * FullAfterCollection;
    }

    private long HeapGrowth => GC.GetTotalMemory(false) - heapBefore;

    /// <summary>Loads the stored rows of the keys that occur for the first time in this round.</summary>
    private async Task<(Dictionary<TKey, TRow>? Rows, IReadOnlyDictionary<TKey, long>? AppliedOffsets)> LoadAsync(
        List<KeyedEvent<TKey>> keyed, CancellationToken cancellation)
    {
        if (writtenKeys is { IsEmpty: true })
            return (null, null);
        var keys = new HashSet<TKey>();
        foreach (var entry in keyed)
        {
            if (!rows.ContainsKey(entry.Key) && !deadLetterKeys.Contains(entry.Key) && writtenKeys?.MayContain(entry.Key) != false)
                keys.Add(entry.Key);
        }

        if (keys.Count == 0)
            return (null, null);
        var before = new Dictionary<TKey, TRow>();
        await using var batch = await store.BeginAsync(generation, cancellation);
        await batch.LoadAsync(keys, before, deadLetterKeys, cancellation);
        stored.UnionWith(before.Keys);
        return (before, batch.AppliedOffsets);
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        var (added, changes, deleted) = SplitRows();
        var isLast = unfinished.Count == 0;
        var fill = new BulkFill<TKey, TRow>(
            Throttled(added, 0, cancellation), Throttled(changes, added.Count, cancellation), [.. folded.Values], deadLetters, isLast)
        {
            Deleted = deleted,
            OffsetOf = key => rowOffsets?.GetValueOrDefault(key) ?? default,
        };
        try
        {
            await store.FillAsync(generation, fill, cancellation);
        }
        catch (RowsRefusedException refused)
        {
            // Only batches can be halved until the event is found.
            await store.Registry.SwitchToBatchesAsync(generation, cancellation);
            throw new RebuildRestartException("The store refuses a row; the build goes on in batches.", refused);
        }
        catch (CheckpointLostException lost)
        {
            throw new RebuildRestartException("Another host took the build over, or the rows did arrive.", lost);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && ++failedFills >= MaxFailedFills)
        {
            throw new BulkFillException(
                $"What was folded in memory could not be written, {failedFills} times in a row: {failure.Message}", failure);
        }

        failedFills = 0;
        foreach (var (cursor, advance) in folded)
            cursor.MarkCommitted(advance);
        rowsWritten += added.Count + changes.Count;
        progress.Publish(folded.Keys);
        BeginRound(isLast);
    }

    private (List<TRow> Added, List<RowChange<TKey, TRow>> Changes, List<RowChange<TKey, TRow>> Deleted) SplitRows()
    {
        var added = new List<TRow>(rows.Count);
        var changes = new List<RowChange<TKey, TRow>>();
        var deleted = new List<RowChange<TKey, TRow>>();
        foreach (var (key, row) in rows)
        {
            var offset = rowOffsets?[key] ?? default;
            if (stored.Contains(key))
                changes.Add(new RowChange<TKey, TRow>(key, row) { Offset = offset });
            else if (row is not null)
                added.Add(row);
            else if (offset.Next > 0)
                deleted.Add(new RowChange<TKey, TRow>(key, null) { Offset = offset });
        }

        return (added, changes, deleted);
    }

    private void BeginRound(bool inBatches)
    {
        var hadManyRows = rows.Count > RowsPerChunk;
        fillIsDue = false;
        eventsOfRound = 0;
        if (!inBatches)
            AddWrittenKeys();
        rows.Clear();
        rowOffsets?.Clear();
        stored.Clear();
        deadLetterKeys.Clear();
        deadLetters.Clear();
        folded.Clear();
        if (inBatches)
        {
            inMemory = false;
            rows.TrimExcess();
            rowOffsets?.TrimExcess();
            stored.TrimExcess();
            deadLetters.TrimExcess();
        }

        // The runtime would not collect the rows of the round before memory is short. Little is left, so that the pause is short.
        if (hadManyRows)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        heapBefore = GC.GetTotalMemory(false);
    }

    private void AddWrittenKeys()
    {
        if (writtenKeys is null)
            return;
        foreach (var key in rows.Keys.Concat(deadLetterKeys))
        {
            if (!stored.Contains(key))
                writtenKeys.Add(key);
        }
    }

    // Written in one piece, the rows would slow the live read models down more than anything else.
    private async IAsyncEnumerable<T> Throttled<T>(List<T> all, int before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (i > 0 && i % RowsPerChunk == 0)
            {
                ReportFill(before + i);
                await PauseAsync(cancellation);
            }

            yield return all[i];
        }
    }

    private void ReportFill(long writtenOfRound)
    {
        // Assumes that the remaining events add as many rows as those of this round.
        var rowsPerEvent = eventsOfRound == 0 ? 0 : (double)rows.Count / eventsOfRound;
        var remaining = targets.Sum(target => Math.Max(0, target.Value - nextOffsets.GetValueOrDefault(target.Key)));
        progress.Fill = new FillProgress(rowsWritten + writtenOfRound, rows.Count - writtenOfRound + (long)(remaining * rowsPerEvent));
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        // A generation that has reached the heads does no more work than the live one. With pauses the two would never meet, and a
        // promotion, which blocks writes to the live one, would cause the next pause.
        hasReachedTargets = hasReachedTargets || progress.HasReached(targets);
        if (!hasReachedTargets)
            await throttle.PauseAsync(cancellation);
    }
}
