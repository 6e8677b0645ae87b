using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Batches;

/// <summary>
/// Loads the rows of a batch's keys in one query, folds in memory, and commits rows, checkpoints and dead letters together.
/// </summary>
internal sealed class BatchApplier<TKey, TRow>(
    IProjectionStore<TKey, TRow> store, BatchFold<TKey, TRow> fold, int generation, LogSignal requests) : IBatchApplier
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    // A request for thousands of keys is carried out in parts: memory stays bounded, and batches do not wait for all of it.
    private const int MaxKeysAtOnce = 20;
    private const int MaxEventsPerKeyAtOnce = 500;

    // Requests from before this process started are pending at first.
    private long requestsSeen = -1;

    public LogSignal Requests { get; } = requests;

    public async Task ApplyAsync(EventBatch batch, CancellationToken cancellation)
    {
        var keyed = fold.Key(batch);
        await using var transaction = await store.BeginAsync(generation, cancellation);
        var deadLetters = new List<DeadLetterEvent<TKey>>();
        var changes = keyed.Count == 0 ? [] : await FoldAsync(keyed, transaction, deadLetters, cancellation);
        var advances = batch.Advances();
        if (advances.Count == 0)
            return;

        await transaction.CommitAsync(new BatchCommit<TKey, TRow>(changes, [.. advances.Values], deadLetters, []), cancellation);
        foreach (var (cursor, advance) in advances)
            cursor.MarkCommitted(advance);
    }

    public async Task AddDeadLetterAsync(BatchEntry entry, string reason, CancellationToken cancellation)
    {
        var (cursor, record) = entry;
        if (fold.DeadLetterKeyOf(record) is not { } key)
        {
            cursor.StopAt(record.Offset, reason);
            return;
        }

        var advance = cursor.AdvanceTo(record.Offset + 1, record.EventId, record.Position);
        await using var transaction = await store.BeginAsync(generation, cancellation);
        var commit = new BatchCommit<TKey, TRow>([], [advance], [new DeadLetterEvent<TKey>(key, record, reason)], []);
        await transaction.CommitAsync(commit, cancellation);
        cursor.MarkCommitted(advance);
    }

    public async Task HandleRequestsAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation)
    {
        var version = Requests.Version;
        if (version == requestsSeen)
            return;
        LogPartition[] partitions = [.. owned.Where(entry => entry.Value.Stopped is null).Select(entry => entry.Key)];
        var pending = await store.PendingRequestsAsync(generation, partitions, MaxKeysAtOnce, MaxEventsPerKeyAtOnce, cancellation);
        if (pending.Count == 0)
        {
            requestsSeen = version;
            return;
        }

        foreach (var request in pending)
        {
            var first = request.Records[0];
            await HandleAsync(request, owned[new LogPartition(first.Log, first.Partition)], cancellation);
        }

        // The next batch comes first, if there is one; then the next keys.
        Requests.Pulse();
    }

    public void OnAssigned(Checkpoint checkpoint)
    {
        // Everything committed is in the store: nothing here depends on the previous owner.
    }

    private async Task<List<RowChange<TKey, TRow>>> FoldAsync(
        List<KeyedEvent<TKey>> keyed,
        IStoreBatch<TKey, TRow> transaction,
        List<DeadLetterEvent<TKey>> deadLetters,
        CancellationToken cancellation)
    {
        var keys = new HashSet<TKey>(keyed.Count);
        foreach (var entry in keyed)
            keys.Add(entry.Key);
        var stored = new Dictionary<TKey, TRow>(keys.Count);
        var deadLetterKeys = new HashSet<TKey>();
        await transaction.LoadAsync(keys, stored, deadLetterKeys, cancellation);

        var folded = new Dictionary<TKey, TRow?>(keys.Count);
        var offsets = store.KeepsRowOffsets ? new Dictionary<TKey, RowOffset>(keys.Count) : null;
        fold.Fold(keyed, stored, transaction.AppliedOffsets, folded, offsets, deadLetterKeys, deadLetters);
        var changes = new List<RowChange<TKey, TRow>>(folded.Count);
        foreach (var (key, row) in folded)
        {
            if (!EqualityComparer<TRow?>.Default.Equals(row, stored.GetValueOrDefault(key)))
                changes.Add(new RowChange<TKey, TRow>(key, row) { Offset = offsets?[key] ?? default });
        }

        return changes;
    }

    private async Task HandleAsync(PendingRequest<TKey> request, PartitionCursor owner, CancellationToken cancellation)
    {
        if (request.Request == DeadLetterRequest.Discard)
        {
            await CommitAsync(request.Key, owner, request.Records, null, cancellation);
            return;
        }

        try
        {
            await RequeueAsync(request.Key, request.Records, owner, cancellation);
            return;
        }
        catch (RowsRefusedException)
        {
            // The store refuses the row after one of the events: applying them one by one finds it.
        }

        foreach (var record in request.Records)
        {
            try
            {
                if (!await RequeueAsync(request.Key, [record], owner, cancellation))
                    return;
            }
            catch (RowsRefusedException refused)
            {
                var deadLetter = new DeadLetterEvent<TKey>(request.Key, record, fold.ReasonOf(record, refused));
                await CommitAsync(request.Key, owner, [], deadLetter, cancellation);
                return;
            }
        }
    }

    /// <summary>Applies dead letters of a key; false if one still cannot be applied: it gets the new reason.</summary>
    private async Task<bool> RequeueAsync(
        TKey key, IReadOnlyList<LogRecord> records, PartitionCursor owner, CancellationToken cancellation)
    {
        await using var transaction = await store.BeginAsync(generation, cancellation);
        var rows = new Dictionary<TKey, TRow>();
        await transaction.LoadAsync([key], rows, [], cancellation);
        var before = rows.GetValueOrDefault(key);
        var row = before;
        var offset = new RowOffset(owner.Partition.Partition, transaction.AppliedOffsets?.GetValueOrDefault(key) ?? 0);
        var applied = new List<LogRecord>();
        DeadLetterEvent<TKey>? failed = null;
        foreach (var record in records)
        {
            try
            {
                // A row may contain the event already, if an earlier attempt was interrupted.
                if (transaction.AppliedOffsets is null || record.Offset >= offset.Next)
                    (row, offset) = (fold.Apply(row, record), offset with { Next = record.Offset + 1 });
                applied.Add(record);
            }
            catch (Exception exception)
            {
                failed = new DeadLetterEvent<TKey>(key, record, fold.ReasonOf(record, exception));
                break;
            }
        }

        RowChange<TKey, TRow>[] changes =
            EqualityComparer<TRow?>.Default.Equals(row, before) ? [] : [new RowChange<TKey, TRow>(key, row) { Offset = offset }];
        var commit = new BatchCommit<TKey, TRow>(changes, [owner.Confirm()], failed is { } still ? [still] : [], OffsetsOf(applied));
        await transaction.CommitAsync(commit, cancellation);
        return failed is null;
    }

    private async Task CommitAsync(
        TKey key, PartitionCursor owner, IReadOnlyList<LogRecord> resolved, DeadLetterEvent<TKey>? failed, CancellationToken cancellation)
    {
        await using var transaction = await store.BeginAsync(generation, cancellation);
        // Under WriterMode.Serialized loading waits for the turn of this batch.
        await transaction.LoadAsync([key], [], [], cancellation);
        var commit = new BatchCommit<TKey, TRow>([], [owner.Confirm()], failed is { } still ? [still] : [], OffsetsOf(resolved));
        await transaction.CommitAsync(commit, cancellation);
    }

    private static (LogPartition, long)[] OffsetsOf(IEnumerable<LogRecord> records) =>
        [.. records.Select(record => (new LogPartition(record.Log, record.Partition), record.Offset))];
}
