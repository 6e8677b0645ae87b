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
/// Builds a generation that nobody reads yet: folds in memory and fills the store when the heads are reached, in rounds where memory does not hold all of it. From there on it works in batches. Until
/// it has reached the heads, it rests after every batch as long as the live read models need.
/// </summary>
internal sealed class RebuildApplier<TKey, TRow>(
    IProjectionStore<TKey, TRow> store,
    BatchFold<TKey, TRow> fold,
    BatchApplier<TKey, TRow> batches,
    int generation,
    IReadOnlyDictionary<LogPartition, long> targets,
    bool inMemory,
    bool nothingStored,
    RebuildLimits limits,
    RebuildThrottle rest,
    GenerationProgress progress) : IBatchApplier
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int WrittenAtOnce = 5_000;
    private const int MostFailedFills = 3;

    /// <summary>Of the bound, without garbage: what is left above it has to be worth the next collection.</summary>
    private const double FullFrom = 0.75;

    /// <summary>What earlier rounds have written; null where an earlier run has begun, whose keys nobody remembers.</summary>
    private readonly WrittenKeyFilter<TKey>? writtenKeys = nothingStored ? new() : null;

    private readonly Dictionary<TKey, TRow?> rows = [];
    private readonly Dictionary<TKey, RowOffset>? rowPlaces = store.KeepsPlaces ? [] : null;
    private readonly HashSet<TKey> stored = [];
    private readonly HashSet<TKey> parkedKeys = [];
    private readonly List<DeadLetterEvent<TKey>> parked = [];
    private readonly Dictionary<PartitionCursor, CheckpointAdvance> folded = [];
    private readonly HashSet<LogPartition> started = [];
    private readonly HashSet<LogPartition> missing = [.. targets.Where(target => target.Value > 0).Select(target => target.Key)];
    private long heapBefore = GC.GetTotalMemory(false);
    private readonly Dictionary<LogPartition, long> places = [];
    private long foldedInRound;
    private long written;
    private bool fillIsDue;
    private int failedFills;
    private bool follows;

    public LogSignal Work => batches.Work;

    public async Task ApplyAsync(EventBatch batch, CancellationToken cancellation)
    {
        rest.Begin();
        if (inMemory)
            await FoldAsync(batch, cancellation);
        else
            await batches.ApplyAsync(batch, cancellation);
        await RestAsync(cancellation);
    }

    public Task ParkAsync(BatchEntry entry, string reason, CancellationToken cancellation) => batches.ParkAsync(entry, reason, cancellation);

    public Task WorkAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation) =>
        inMemory ? Task.CompletedTask : batches.WorkAsync(owned, cancellation);

    public void Taken(Checkpoint point)
    {
        if (inMemory && !started.Add(point.Partition))
            throw new RebuildRestartException($"{point.Partition} was taken over once more while it was folded in memory.");
        places[point.Partition] = point.NextOffset;
        if (point.NextOffset >= targets.GetValueOrDefault(point.Partition))
            missing.Remove(point.Partition);
    }

    private async Task FoldAsync(EventBatch batch, CancellationToken cancellation)
    {
        // A batch whose filling failed comes once more, and is folded already.
        if (!fillIsDue)
        {
            var keyed = fold.Key(batch);
            var (before, applied) = await BeforeAsync(keyed, cancellation);
            fold.Fold(keyed, before, applied, rows, rowPlaces, parkedKeys, parked);
            foreach (var (cursor, advance) in BatchAdvances.Of(batch))
            {
                folded[cursor] = advance;
                cursor.MarkFolded(advance);
                places[cursor.Partition] = advance.To;
                if (advance.To >= targets.GetValueOrDefault(cursor.Partition))
                    missing.Remove(cursor.Partition);
            }

            foldedInRound += batch.Count;
            NoteFill(0);
            fillIsDue = missing.Count == 0 || IsFull();
        }

        if (!fillIsDue)
            return;
        // Folded is folded, however long the writing takes.
        progress.Publish(folded.Keys);
        await FillAsync(cancellation);
    }

    private bool IsFull()
    {
        if (rows.Count + parked.Count >= limits.MostRows)
            return true;
        if (Growth <= limits.MostBytes)
            return false;
        // Much of it is garbage of the batches before, which the runtime leaves alone for as long as the machine has memory.
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        if (Growth <= limits.MostBytes * FullFrom)
            return false;
        // What a reader had under way when the runtime collected has grown old and died since. A full collection costs less than a round: what is written has to be read again with every later key.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        return Growth > limits.MostBytes * FullFrom;
    }

    private long Growth => GC.GetTotalMemory(false) - heapBefore;

    /// <summary>The stored rows of the keys that this round meets for the first time.</summary>
    private async Task<(Dictionary<TKey, TRow>? Rows, IReadOnlyDictionary<TKey, long>? Applied)> BeforeAsync(List<KeyedEvent<TKey>> keyed, CancellationToken cancellation)
    {
        if (writtenKeys is { IsEmpty: true })
            return (null, null);
        var keys = new HashSet<TKey>();
        foreach (var entry in keyed)
        {
            if (!rows.ContainsKey(entry.Key) && !parkedKeys.Contains(entry.Key) && writtenKeys?.MayContain(entry.Key) != false)
                keys.Add(entry.Key);
        }

        if (keys.Count == 0)
            return (null, null);
        var before = new Dictionary<TKey, TRow>();
        await using var batch = await store.BeginAsync(generation, cancellation);
        await batch.LoadAsync(keys, before, parkedKeys, cancellation);
        stored.UnionWith(before.Keys);
        return (before, batch.Applied);
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        var added = new List<TRow>(rows.Count);
        var changes = new List<RowChange<TKey, TRow>>();
        var gone = new List<RowChange<TKey, TRow>>();
        foreach (var (key, row) in rows)
        {
            var place = rowPlaces?[key] ?? default;
            if (stored.Contains(key))
                changes.Add(new RowChange<TKey, TRow>(key, row) { Place = place });
            else if (row is not null)
                added.Add(row);
            else if (place.Next > 0)
                gone.Add(new RowChange<TKey, TRow>(key, null) { Place = place });
        }

        var last = missing.Count == 0;
        try
        {
            var fill = new BulkFill<TKey, TRow>(WithRests(added, 0, cancellation), WithRests(changes, added.Count, cancellation), [.. folded.Values], parked, last)
            {
                Gone = gone,
                PlaceOf = key => rowPlaces?.GetValueOrDefault(key) ?? default,
            };
            await store.FillAsync(generation, fill, cancellation);
        }
        catch (RowsRefusedException refused)
        {
            // Which row it is only shows batch by batch.
            await store.Registry.LeaveMemoryAsync(generation, cancellation);
            throw new RebuildRestartException("The store refuses a row; the build goes on in batches.", refused);
        }
        catch (CheckpointLostException lost)
        {
            throw new RebuildRestartException("Another host took the build over, or the rows did arrive.", lost);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && ++failedFills >= MostFailedFills)
        {
            throw new BulkFillException($"What was folded in memory could not be written, {failedFills} times in a row: {failure.Message}", failure);
        }

        failedFills = 0;
        foreach (var (cursor, advance) in folded)
            cursor.MarkCommitted(advance);
        written += added.Count + changes.Count;
        progress.Publish(folded.Keys);
        BeginRound(last);
    }

    private void BeginRound(bool inBatches)
    {
        var manyHaveDied = rows.Count > WrittenAtOnce;
        fillIsDue = false;
        foldedInRound = 0;
        if (!inBatches)
            Remember();
        rows.Clear();
        rowPlaces?.Clear();
        stored.Clear();
        parkedKeys.Clear();
        parked.Clear();
        folded.Clear();
        if (inBatches)
        {
            inMemory = false;
            rows.TrimExcess();
            rowPlaces?.TrimExcess();
            stored.TrimExcess();
            parked.TrimExcess();
        }

        // The runtime would notice that a whole round is gone when it is short of memory, and take more of it until then. What is left is little, so that the pause is short.
        if (manyHaveDied)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        heapBefore = GC.GetTotalMemory(false);
    }

    private void Remember()
    {
        if (writtenKeys is null)
            return;
        foreach (var key in rows.Keys.Concat(parkedKeys))
        {
            if (!stored.Contains(key))
                writtenKeys.Add(key);
        }
    }

    /// <summary>Gives what is to be written a piece at a time: a fill in one go would be what live read models suffer from most.</summary>
    private async IAsyncEnumerable<T> WithRests<T>(List<T> all, int before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (i > 0 && i % WrittenAtOnce == 0)
            {
                NoteFill(before + i);
                await RestAsync(cancellation);
            }

            yield return all[i];
        }
    }

    /// <summary>Tells how far the writing is, given the rows of this round that are written.</summary>
    private void NoteFill(long writtenOfRound)
    {
        // What the events to come add is taken to be what those of this round have added.
        var rowsOfAnEvent = foldedInRound == 0 ? 0 : (double)rows.Count / foldedInRound;
        var toCome = targets.Sum(target => Math.Max(0, target.Value - places.GetValueOrDefault(target.Key)));
        progress.Fill = new FillProgress(written + writtenOfRound, rows.Count - writtenOfRound + (long)(toCome * rowsOfAnEvent));
    }

    private async Task RestAsync(CancellationToken cancellation)
    {
        // What only follows the log does no more than the live one does; if it rested, the two would never meet, and a promotion that holds the live one would be the cause of the next rest.
        follows = follows || progress.HasReached(targets);
        if (!follows)
            await rest.TakeAsync(cancellation);
    }
}
