using System.Runtime.InteropServices;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Batches;

/// <summary>
/// The part of a batch that needs no store: drops by type what the projection does not want, decodes the rest, finds the keys, folds. An event that cannot be folded parks its key from there on.
/// </summary>
internal sealed class BatchFold<TKey, TRow>(ProjectionDefinition definition, KeyedProjection<TKey, TRow> projection, DateTimeOffset? until)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly Dictionary<string, EventSelection> sources = definition.Sources.ToDictionary(source => source.Catalogue.Log);

    // A list of this size is a large object: one a batch would be garbage that only a full collection gets at.
    private readonly List<KeyedEvent<TKey>> keyed = [];

    /// <summary>The events of a batch that the fold has to see, in order, each with its key; valid until the next call.</summary>
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

    /// <summary>Folds one event that was parked; throws what the fold throws.</summary>
    public TRow? Apply(TRow? row, LogRecord record) => projection.Apply(row, sources[record.Log].Catalogue.Decode(record));

    /// <summary>The key of an event, also of one that cannot be decoded; null where there is none to park.</summary>
    public TKey? KeyToPark(LogRecord record)
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
    /// <param name="keyed">The events, in order.</param>
    /// <param name="before">The rows before the batch.</param>
    /// <param name="applied">Which events the rows have seen already, where the store may be ahead of its checkpoints.</param>
    /// <param name="folded">Receives the rows after it, one entry a key that was met, null where the row is gone or never was; it may hold rows of earlier batches.</param>
    /// <param name="places">Receives how far the log is applied to each of them; null where the store does not ask.</param>
    /// <param name="parkedKeys">The keys that are parked; receives those that are from here on.</param>
    /// <param name="parked">Receives what is parked.</param>
    public void Fold(
        List<KeyedEvent<TKey>> keyed,
        Dictionary<TKey, TRow>? before,
        IReadOnlyDictionary<TKey, long>? applied,
        Dictionary<TKey, TRow?> folded,
        Dictionary<TKey, RowOffset>? places,
        HashSet<TKey> parkedKeys,
        List<DeadLetterEvent<TKey>> parked)
    {
        foreach (var (cursor, record, decoded, key, fault) in keyed)
        {
            if (cursor.IsBeyondStop(record.Offset))
                continue;
            if (parkedKeys.Count > 0 && parkedKeys.Contains(key))
            {
                parked.Add(new DeadLetterEvent<TKey>(key, record, fault));
                continue;
            }

            if (decoded is null)
            {
                parkedKeys.Add(key);
                parked.Add(new DeadLetterEvent<TKey>(key, record, fault));
                continue;
            }

            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(folded, key, out var exists);
            if (!exists)
            {
                row = before?.GetValueOrDefault(key);
                places?.Add(key, new RowOffset(record.Partition, applied?.GetValueOrDefault(key) ?? 0));
            }

            if (record.Offset < places?[key].Next)
                continue;
            try
            {
                row = projection.Apply(row, decoded);
                if (places is not null)
                    places[key] = new RowOffset(record.Partition, record.Offset + 1);
            }
            catch (Exception exception)
            {
                parkedKeys.Add(key);
                parked.Add(new DeadLetterEvent<TKey>(key, record, Fault(record, exception)));
            }
        }
    }

    public string Fault(LogRecord record, Exception exception) => exception is UnreadableEventException
        ? exception.Message
        : $"The event {record.EventId} ({record.Type}, {new LogPartition(record.Log, record.Partition)} offset {record.Offset}) cannot be applied by {definition.Name}: {exception.GetType().Name}: {exception.Message}";

    private KeyedEvent<TKey>? KeyOf(PartitionCursor cursor, LogRecord record)
    {
        var source = sources[record.Log];
        if (!source.Wants(record.Type) || record.OccurredAt > until)
            return null;
        try
        {
            var decoded = source.Catalogue.Decode(record);
            return projection.KeyOf(decoded) is { } key ? new KeyedEvent<TKey>(cursor, record, decoded, Checked(key, record), null) : null;
        }
        catch (Exception exception)
        {
            var fault = Fault(record, exception);
            if (StreamKey(record) is { } stream)
                return new KeyedEvent<TKey>(cursor, record, null, stream, fault);
            cursor.StopAt(record.Offset, fault);
            return null;
        }
    }

    // Where the stream is the key, an event without a readable key parks its stream.
    private TKey? StreamKey(LogRecord record) => definition.Writers == WriterMode.SideBySide && record.StreamId is TKey key ? key : null;

    // Two partitions that share a row would overwrite each other's work when they are applied side by side.
    private TKey Checked(TKey key, LogRecord record) =>
        definition.Writers != WriterMode.SideBySide || (key is Guid id && id == record.StreamId)
            ? key
            : throw new InvalidOperationException($"{definition.Name} is declared to be keyed by the stream id, but gave the key {key} for stream {record.StreamId}");
}

/// <summary>An event of a batch with the key that it belongs to; without the decoded event where it cannot be folded, and then with the reason.</summary>
internal readonly record struct KeyedEvent<TKey>(PartitionCursor Cursor, LogRecord Record, Event? Event, TKey Key, string? Fault);
