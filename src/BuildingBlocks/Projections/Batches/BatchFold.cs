using System.Runtime.InteropServices;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Batches;

/// <summary>An event of a batch with its key. An event that cannot be decoded has a reason instead of the decoded event.</summary>
internal readonly record struct KeyedEvent<TKey>(PartitionCursor Cursor, LogRecord Record, Event? Event, TKey Key, string? Reason);

/// <summary>
/// The part of a batch that needs no store: drops events of unwanted types, decodes the others, finds their keys and folds them. An event
/// that cannot be folded becomes a dead letter, and so do the later events of its key.
/// </summary>
internal sealed class BatchFold<TKey, TRow>(ProjectionDefinition definition, KeyedProjection<TKey, TRow> projection, DateTimeOffset? until)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly Dictionary<string, EventSelection> sources = definition.Sources.ToDictionary(source => source.Catalogue.Log);

    // A list of this size is a large object, and garbage that only a full collection frees: it is reused for each batch.
    private readonly List<KeyedEvent<TKey>> keyed = [];

    /// <summary>The events of a batch to fold, in order, each with its key; valid until the next call.</summary>
    public List<KeyedEvent<TKey>> Key(EventBatch batch)
    {
        keyed.Clear();
        foreach (var (cursor, record) in batch.Entries)
        {
            if (!cursor.IsBeyondStop(record.Offset) && KeyOf(cursor, record) is { } entry)
                keyed.Add(entry);
        }

        return keyed;
    }

    /// <summary>Folds one dead letter; throws what the fold throws.</summary>
    public TRow? Apply(TRow? row, LogRecord record) => projection.Apply(row, sources[record.Log].Catalogue.Decode(record));

    /// <summary>The key of an event, also of one that cannot be decoded; null if it is not known.</summary>
    public TKey? DeadLetterKeyOf(LogRecord record)
    {
        try
        {
            return projection.KeyOf(sources[record.Log].Catalogue.Decode(record));
        }
        catch (Exception)
        {
            return StreamKey(record);
        }
    }

    /// <summary>Folds keyed events into rows.</summary>
    /// <param name="events">The events, in order.</param>
    /// <param name="before">The rows before the batch.</param>
    /// <param name="applied">The next offset to apply to each row, where the store may be ahead of its checkpoints.</param>
    /// <param name="folded">
    /// Receives the rows after the batch, null for a row that does not exist; may hold rows of earlier batches.
    /// </param>
    /// <param name="offsets">Receives the offset of each row; null if the store does not keep it.</param>
    /// <param name="deadLetterKeys">The keys with dead letters; receives new ones.</param>
    /// <param name="deadLetters">Receives the dead letters.</param>
    public void Fold(
        List<KeyedEvent<TKey>> events,
        Dictionary<TKey, TRow>? before,
        IReadOnlyDictionary<TKey, long>? applied,
        Dictionary<TKey, TRow?> folded,
        Dictionary<TKey, RowOffset>? offsets,
        HashSet<TKey> deadLetterKeys,
        List<DeadLetterEvent<TKey>> deadLetters)
    {
        foreach (var (cursor, record, decoded, key, reason) in events)
        {
            if (cursor.IsBeyondStop(record.Offset))
                continue;
            if (decoded is null || (deadLetterKeys.Count > 0 && deadLetterKeys.Contains(key)))
            {
                deadLetterKeys.Add(key);
                deadLetters.Add(new DeadLetterEvent<TKey>(key, record, reason));
                continue;
            }

            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(folded, key, out var exists);
            if (!exists)
            {
                row = before?.GetValueOrDefault(key);
                offsets?.Add(key, new RowOffset(record.Partition, applied?.GetValueOrDefault(key) ?? 0));
            }

            if (record.Offset < offsets?[key].Next)
                continue;
            try
            {
                row = projection.Apply(row, decoded);
                if (offsets is not null)
                    offsets[key] = new RowOffset(record.Partition, record.Offset + 1);
            }
            catch (Exception exception)
            {
                deadLetterKeys.Add(key);
                deadLetters.Add(new DeadLetterEvent<TKey>(key, record, ReasonOf(record, exception)));
            }
        }
    }

    /// <summary>Why an event is a dead letter.</summary>
    public string ReasonOf(LogRecord record, Exception exception) => exception is UnreadableEventException
        ? exception.Message
        : $"The event {record.EventId} ({record.Type}, {new LogPartition(record.Log, record.Partition)} offset {record.Offset}) "
            + $"cannot be applied by {definition.Name}: {exception.GetType().Name}: {exception.Message}";

    private KeyedEvent<TKey>? KeyOf(PartitionCursor cursor, LogRecord record)
    {
        var source = sources[record.Log];
        if (!source.Wants(record.Type) || record.OccurredAt > until)
            return null;
        try
        {
            var decoded = source.Catalogue.Decode(record);
            return projection.KeyOf(decoded) is { } key
                ? new KeyedEvent<TKey>(cursor, record, decoded, Checked(key, record), null)
                : null;
        }
        catch (Exception exception)
        {
            var reason = ReasonOf(record, exception);
            if (StreamKey(record) is { } stream)
                return new KeyedEvent<TKey>(cursor, record, null, stream, reason);
            cursor.StopAt(record.Offset, reason);
            return null;
        }
    }

    // If the projection is keyed by the stream, the key of an unreadable event is known nevertheless.
    private TKey? StreamKey(LogRecord record) =>
        definition.Writers == WriterMode.Concurrent && record.StreamId is TKey key ? key : null;

    // Concurrent batches of two partitions that share a row would overwrite each other's changes.
    private TKey Checked(TKey key, LogRecord record) =>
        definition.Writers != WriterMode.Concurrent || (key is Guid id && id == record.StreamId)
            ? key
            : throw new InvalidOperationException(
                $"{definition.Name} is declared to be keyed by the stream id, but gave the key {key} for stream {record.StreamId}");
}
