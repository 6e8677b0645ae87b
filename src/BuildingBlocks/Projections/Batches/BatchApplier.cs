using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Batches;

/// <summary>Loads the rows of a batch's keys in one query, folds in memory, and commits rows, checkpoints and parked events together.</summary>
internal sealed class BatchApplier<TKey, TRow>(IProjectionStore<TKey, TRow> store, BatchFold<TKey, TRow> fold, int generation, LogSignal work) : IBatchApplier
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    // What is asked of thousands of keys is done some keys at a time: so much is in memory at most, and batches are not kept waiting for all of it.
    private const int KeysAtOnce = 20;
    private const int EventsOfAKeyAtOnce = 500;

    // Whatever was asked before this process came is looked at once.
    private long workSeen = -1;

    public LogSignal Work { get; } = work;

    public async Task ApplyAsync(EventBatch batch, CancellationToken cancellation)
    {
        var keyed = fold.Key(batch);
        await using var transaction = await store.BeginAsync(generation, cancellation);
        var parked = new List<DeadLetterEvent<TKey>>();
        var changes = keyed.Count == 0 ? [] : await FoldAsync(keyed, transaction, parked, cancellation);
        var advances = BatchAdvances.Of(batch);
        if (advances.Count == 0)
            return;

        await transaction.CommitAsync(new BatchCommit<TKey, TRow>(changes, [.. advances.Values], parked, []), cancellation);
        foreach (var (cursor, advance) in advances)
            cursor.MarkCommitted(advance);
    }

    public async Task ParkAsync(BatchEntry entry, string reason, CancellationToken cancellation)
    {
        var (cursor, record) = entry;
        if (fold.KeyToPark(record) is not { } key)
        {
            cursor.StopAt(record.Offset, reason);
            return;
        }

        var advance = cursor.AdvanceTo(record.Offset + 1, record.EventId, record.Position);
        await using var transaction = await store.BeginAsync(generation, cancellation);
        await transaction.CommitAsync(new BatchCommit<TKey, TRow>([], [advance], [new DeadLetterEvent<TKey>(key, record, reason)], []), cancellation);
        cursor.MarkCommitted(advance);
    }

    public async Task WorkAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation)
    {
        var seen = Work.Version;
        if (seen == workSeen)
            return;
        LogPartition[] partitions = [.. owned.Where(entry => entry.Value.Stopped is null).Select(entry => entry.Key)];
        var asked = await store.AskedAsync(generation, partitions, KeysAtOnce, EventsOfAKeyAtOnce, cancellation);
        if (asked.Count == 0)
        {
            workSeen = seen;
            return;
        }

        foreach (var key in asked)
        {
            var first = key.Records[0];
            await UnparkAsync(key, owned[new LogPartition(first.Log, first.Partition)], cancellation);
        }

        // The next batch comes first, if there is one; then the next keys.
        Work.Pulse();
    }

    public void Taken(Checkpoint point)
    {
        // What is committed is in the store: nothing here depends on who owned it before.
    }

    private async Task<List<RowChange<TKey, TRow>>> FoldAsync(
        List<KeyedEvent<TKey>> keyed, IStoreBatch<TKey, TRow> transaction, List<DeadLetterEvent<TKey>> parked, CancellationToken cancellation)
    {
        var keys = new HashSet<TKey>(keyed.Count);
        foreach (var entry in keyed)
            keys.Add(entry.Key);
        var stored = new Dictionary<TKey, TRow>(keys.Count);
        var parkedKeys = new HashSet<TKey>();
        await transaction.LoadAsync(keys, stored, parkedKeys, cancellation);

        var folded = new Dictionary<TKey, TRow?>(keys.Count);
        var places = store.KeepsPlaces ? new Dictionary<TKey, RowOffset>(keys.Count) : null;
        fold.Fold(keyed, stored, transaction.Applied, folded, places, parkedKeys, parked);
        var changes = new List<RowChange<TKey, TRow>>(folded.Count);
        foreach (var (key, row) in folded)
        {
            if (!EqualityComparer<TRow?>.Default.Equals(row, stored.GetValueOrDefault(key)))
                changes.Add(new RowChange<TKey, TRow>(key, row) { Place = places?[key] ?? default });
        }

        return changes;
    }

    private async Task UnparkAsync(DeadLetterKey<TKey> key, PartitionCursor owner, CancellationToken cancellation)
    {
        if (key.Asked == DeadLetterRequest.Discard)
        {
            await CommitAsync(key, owner, key.Records, null, cancellation);
            return;
        }

        try
        {
            await RequeueAsync(key, key.Records, owner, cancellation);
            return;
        }
        catch (RowsRefusedException)
        {
            // One of them makes a row that the store refuses: one by one shows which.
        }

        foreach (var record in key.Records)
        {
            try
            {
                if (!await RequeueAsync(key, [record], owner, cancellation))
                    return;
            }
            catch (RowsRefusedException refused)
            {
                await CommitAsync(key, owner, [], new DeadLetterEvent<TKey>(key.Key, record, fold.Fault(record, refused)), cancellation);
                return;
            }
        }
    }

    /// <summary>Applies events of a parked key; false where one still cannot be applied, which then says why.</summary>
    private async Task<bool> RequeueAsync(DeadLetterKey<TKey> key, IReadOnlyList<LogRecord> records, PartitionCursor owner, CancellationToken cancellation)
    {
        await using var transaction = await store.BeginAsync(generation, cancellation);
        var rows = new Dictionary<TKey, TRow>();
        await transaction.LoadAsync([key.Key], rows, [], cancellation);
        var before = rows.GetValueOrDefault(key.Key);
        var row = before;
        var place = new RowOffset(owner.Partition.Partition, transaction.Applied?.GetValueOrDefault(key.Key) ?? 0);
        var applied = new List<LogRecord>();
        DeadLetterEvent<TKey>? refused = null;
        foreach (var record in records)
        {
            try
            {
                // A row may be ahead of what is parked where an earlier attempt ended in the middle.
                if (transaction.Applied is null || record.Offset >= place.Next)
                    (row, place) = (fold.Apply(row, record), place with { Next = record.Offset + 1 });
                applied.Add(record);
            }
            catch (Exception exception)
            {
                refused = new DeadLetterEvent<TKey>(key.Key, record, fold.Fault(record, exception));
                break;
            }
        }

        RowChange<TKey, TRow>[] changes = EqualityComparer<TRow?>.Default.Equals(row, before) ? [] : [new RowChange<TKey, TRow>(key.Key, row) { Place = place }];
        await transaction.CommitAsync(new BatchCommit<TKey, TRow>(changes, [owner.Confirm()], refused is { } still ? [still] : [], Places(applied)), cancellation);
        return refused is null;
    }

    private async Task CommitAsync(DeadLetterKey<TKey> key, PartitionCursor owner, IReadOnlyList<LogRecord> gone, DeadLetterEvent<TKey>? still, CancellationToken cancellation)
    {
        await using var transaction = await store.BeginAsync(generation, cancellation);
        // Where batches come one at a time, this one too waits for its turn.
        await transaction.LoadAsync([key.Key], [], [], cancellation);
        await transaction.CommitAsync(new BatchCommit<TKey, TRow>([], [owner.Confirm()], still is { } letter ? [letter] : [], Places(gone)), cancellation);
    }

    private static (LogPartition, long)[] Places(IEnumerable<LogRecord> records) => [.. records.Select(record => (new LogPartition(record.Log, record.Partition), record.Offset))];
}
