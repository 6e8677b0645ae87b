using System.Runtime.InteropServices;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Drops by type what the projection does not want, decodes the rest, loads the rows of its keys in one query, folds in memory, and commits rows and checkpoints together.</summary>
internal sealed class PageApplier<TKey, TRow>(
    ProjectionDefinition definition, KeyedProjection<TKey, TRow> projection, IProjectionStore<TKey, TRow> store, int generation) : IPageApplier
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly Dictionary<string, ProjectionSource> sources = definition.Sources.ToDictionary(source => source.Catalogue.Log);

    public async Task ApplyAsync(Page page, CancellationToken cancellation)
    {
        var keyed = KeyEvents(page);
        await using var transaction = await store.BeginAsync(generation, cancellation);
        var changes = keyed.Count == 0 ? [] : await FoldAsync(keyed, transaction, cancellation);
        var advances = Advances(page);
        if (advances.Count == 0)
            return;

        await transaction.CommitAsync(changes, [.. advances.Values], cancellation);
        foreach (var (cursor, advance) in advances)
            cursor.MarkCommitted(advance);
    }

    private List<KeyedEvent> KeyEvents(Page page)
    {
        var keyed = new List<KeyedEvent>(page.Count);
        foreach (var (cursor, record) in page.Entries)
        {
            var source = sources[record.Log];
            if (cursor.IsBeyondStop(record.Offset) || !source.Wants(record.Type))
                continue;
            try
            {
                var decoded = source.Catalogue.Decode(record);
                if (projection.KeyOf(decoded) is { } key)
                    keyed.Add(new KeyedEvent(cursor, decoded, Checked(key, record)));
            }
            catch (Exception exception)
            {
                Stop(cursor, record, exception);
            }
        }

        return keyed;
    }

    // Two partitions that share a row would overwrite each other's work when they are applied side by side.
    private TKey Checked(TKey key, LogRecord record) =>
        definition.Writers != WriterMode.SideBySide || (key is Guid id && id == record.StreamId)
            ? key
            : throw new InvalidOperationException($"{definition.Name} is declared to be keyed by the stream id, but gave the key {key} for stream {record.StreamId}");

    private async Task<List<RowChange<TKey, TRow>>> FoldAsync(List<KeyedEvent> keyed, IStorePage<TKey, TRow> transaction, CancellationToken cancellation)
    {
        var keys = new HashSet<TKey>(keyed.Count);
        foreach (var entry in keyed)
            keys.Add(entry.Key);
        var stored = new Dictionary<TKey, TRow>(keys.Count);
        await transaction.LoadAsync(keys, stored, cancellation);

        var folded = new Dictionary<TKey, TRow?>(keys.Count);
        foreach (var (cursor, decoded, key) in keyed)
        {
            if (cursor.IsBeyondStop(decoded.Envelope.Offset))
                continue;
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(folded, key, out var exists);
            if (!exists)
                row = stored.GetValueOrDefault(key);
            try
            {
                row = projection.Apply(row, decoded);
            }
            catch (Exception exception)
            {
                Stop(cursor, decoded.Envelope, exception);
            }
        }

        var changes = new List<RowChange<TKey, TRow>>(folded.Count);
        foreach (var (key, row) in folded)
        {
            if (!EqualityComparer<TRow?>.Default.Equals(row, stored.GetValueOrDefault(key)))
                changes.Add(new RowChange<TKey, TRow>(key, row));
        }

        return changes;
    }

    private static Dictionary<PartitionCursor, CheckpointAdvance> Advances(Page page)
    {
        var advances = new Dictionary<PartitionCursor, CheckpointAdvance>();
        foreach (var (cursor, record) in page.Entries)
        {
            if (!cursor.IsBeyondStop(record.Offset))
                advances[cursor] = cursor.AdvanceTo(record.Offset + 1, record.EventId, record.Position);
        }

        return advances;
    }

    private void Stop(PartitionCursor cursor, LogRecord record, Exception exception)
    {
        var reason = exception is UnreadableEventException
            ? exception.Message
            : $"The event {record.EventId} ({record.Type}, {new LogPartition(record.Log, record.Partition)} offset {record.Offset}) cannot be applied by {definition.Name}: {exception.GetType().Name}: {exception.Message}";
        cursor.StopAt(record.Offset, reason);
    }

    private readonly record struct KeyedEvent(PartitionCursor Cursor, Event Event, TKey Key);
}
