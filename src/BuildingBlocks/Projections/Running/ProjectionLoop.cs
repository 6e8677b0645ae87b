using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Metrics;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// Handles the messages of the reader in order: accepted records are collected in a batch, which is applied as soon as no further message
/// is available, or the batch is full. Only the loop changes its cursors.
/// </summary>
internal sealed partial class ProjectionLoop(
    ProjectionDefinition definition,
    IBatchApplier applier,
    IEventReader reader,
    GenerationProgress progress,
    IReadOnlyDictionary<LogPartition, long>? limits,
    ILogger logger)
{
    // While the projection is current: small, so that no batch locks its rows for long.
    private const int LiveBatchSize = 500;

    // While it catches up: large, since a batch costs the same round trips whatever its size.
    private const int CatchUpBatchSize = 5_000;

    private static readonly TimeSpan PauseWhileBlocked = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<LogPartition, PartitionCursor> cursors = [];
    private readonly Dictionary<string, EventSelection> sources = definition.Sources.ToDictionary(source => source.Catalogue.Log);
    private readonly HashSet<PartitionCursor> touched = [];
    private readonly Dictionary<LogPartition, string> reportedStops = [];
    private readonly EventBatch batch = new();
    private int maxBatchSize = LiveBatchSize;

    public async Task RunAsync(CancellationToken stopping)
    {
        var readable = reader.Events.WaitToReadAsync(stopping).AsTask();
        // A wait stays registered until it ends, so the same wait is used as long as there is no request.
        var requested = applier.Requests.WaitAsync(applier.Requests.Version, stopping);
        while (true)
        {
            if (!readable.IsCompleted)
                await Task.WhenAny(readable, requested);
            // The token ends both waits, one after the other. Waiting for the second one here could block the callback that ends the first.
            stopping.ThrowIfCancellationRequested();
            if (requested.IsCompleted)
                requested = applier.Requests.WaitAsync(applier.Requests.Version, stopping);
            if (readable.IsCompleted)
            {
                if (!await readable)
                    break;
                while (batch.Count < maxBatchSize && reader.Events.TryRead(out var message))
                    await HandleAsync(message, stopping);
                maxBatchSize = batch.Count >= maxBatchSize ? CatchUpBatchSize : LiveBatchSize;
                await FlushAsync(stopping);
                readable = reader.Events.WaitToReadAsync(stopping).AsTask();
            }

            await HandleRequestsAsync(stopping);
        }

        await reader.Events.Completion;
    }

    private async Task HandleRequestsAsync(CancellationToken stopping)
    {
        try
        {
            await applier.HandleRequestsAsync(cursors, stopping);
        }
        catch (CheckpointLostException)
        {
            await ReclaimAsync(cursors.Values, stopping);
        }
        catch (Exception exception) when (exception is not RebuildRestartException && !stopping.IsCancellationRequested)
        {
            LogRequestFailure(definition.Name, exception);
        }
    }

    private async Task HandleAsync(ReaderEvent message, CancellationToken stopping)
    {
        switch (message)
        {
            case ReaderEvent.RecordsRead read:
                foreach (var record in read.Records)
                    Accept(record);
                break;
            case ReaderEvent.Assigned assigned:
                await FlushAsync(stopping);
                Assign(assigned);
                break;
            case ReaderEvent.Refused refused:
                Refuse(refused);
                break;
            case ReaderEvent.Revoked revoked:
                await FlushAsync(stopping);
                Revoke(revoked.Partitions);
                break;
            case ReaderEvent.RecordsDeleted deleted:
                await FlushAsync(stopping);
                NoteDeleted(deleted);
                break;
            case ReaderEvent.CaughtUp caughtUp:
                AtEnd(caughtUp.Partitions);
                break;
            case ReaderEvent.InvalidRecord invalid:
                LogForeignRecord(definition.Name, invalid.Partition, invalid.Position, invalid.Reason);
                break;
            case ReaderEvent.AvailabilityChanged changed:
                progress.NoteTrouble(changed.Subject, changed.Problem);
                break;
        }
    }

    private void Accept(LogRecord record)
    {
        if (!cursors.TryGetValue(new LogPartition(record.Log, record.Partition), out var cursor))
            return;
        var stopped = cursor.Stopped;
        if (cursor.Accept(record))
        {
            batch.Add(cursor, record);
            if (!sources[record.Log].Catalogue.Knows(record.Type))
                NoteUnknown(record);
        }
        else if (cursor.Stopped != stopped)
        {
            Report(cursor);
        }
    }

    private void NoteUnknown(LogRecord record)
    {
        if (progress.NoteUnknownType(record.Type, $"{record.Log}[{record.Partition}] offset {record.Offset}"))
            LogUnknownType(definition.Name, record.Type, record.Log, record.Partition, record.Offset);
    }

    private void Assign(ReaderEvent.Assigned assigned)
    {
        foreach (var point in assigned.Checkpoints)
        {
            applier.OnAssigned(point);
            cursors[point.Partition] = new PartitionCursor(
                point, assigned.Sources[point.Partition.Log], limits?.GetValueOrDefault(point.Partition) ?? long.MaxValue);
        }

        progress.Publish(assigned.Checkpoints.Select(point => cursors[point.Partition]));
    }

    private void Refuse(ReaderEvent.Refused refused)
    {
        if (!cursors.TryGetValue(refused.Partition, out var cursor))
            return;
        cursor.StopAt(cursor.Next, refused.Reason);
        Report(cursor);
    }

    private void Revoke(IReadOnlyList<LogPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            cursors.Remove(partition);
            progress.Remove(partition);
        }
    }

    private void NoteDeleted(ReaderEvent.RecordsDeleted deleted)
    {
        if (!cursors.TryGetValue(deleted.Partition, out var cursor))
            return;
        if (cursor.NoteDeleted(deleted.Records))
            reader.Reassign([new LostPartition(cursor.Partition, cursor.Epoch)]);
        progress.Publish([cursor]);
    }

    private void AtEnd(IReadOnlyList<LogPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            if (!cursors.TryGetValue(partition, out var cursor))
                continue;
            var before = cursor.Waiting;
            cursor.AtEnd();
            if (cursor.Waiting == before)
                continue;
            progress.Publish([cursor]);
            // Deleted records are logged once for the whole topic.
            if (cursor.Waiting is { } reason && !cursor.IsBeforeDeleted)
                LogWaitingPartition(definition.Name, reason);
        }
    }

    private async Task FlushAsync(CancellationToken stopping)
    {
        if (batch.Count == 0)
            return;

        touched.Clear();
        foreach (var entry in batch.Entries)
            touched.Add(entry.Cursor);
        progress.BeginBatch();
        using var activity = ProjectionTelemetry.Start(definition.Name, batch, progress.IsLive);
        await ApplyAsync(batch, stopping);
        progress.EndBatch();
        // Events of a cursor whose checkpoint was lost are read again.
        var applied = touched.All(IsCurrent) ? batch.Count : batch.Entries.Count(entry => IsCurrent(entry.Cursor));
        ProjectionTelemetry.CountApplied(definition.Name, applied, progress.IsLive);
        foreach (var cursor in touched)
        {
            if (cursor.AppliedPosition is { } position)
                reader.Applied(cursor.Partition, position);
            if (cursor.Stopped is not null)
                Report(cursor);
        }

        progress.Publish(touched.Where(IsCurrent));
        progress.NoteVisible(batch);
        batch.Clear();
    }

    // A cursor whose checkpoint was lost is replaced when its partition is assigned again.
    private bool IsCurrent(PartitionCursor cursor) => cursors.GetValueOrDefault(cursor.Partition) == cursor;

    private async Task ApplyAsync(EventBatch some, CancellationToken stopping)
    {
        for (var pause = MinPause; ; pause = Longer(pause))
        {
            some.RemoveStopped();
            // The second half of a batch must not commit beyond events that the first half has not committed.
            some.Keep(IsCurrent);
            if (some.Count == 0)
                return;
            try
            {
                await applier.ApplyAsync(some, stopping);
                progress.BatchProblem = null;
                return;
            }
            catch (CheckpointLostException)
            {
                await ReclaimAsync(some.Entries.Select(entry => entry.Cursor), stopping);
                return;
            }
            catch (WritesBlockedException)
            {
                await Task.Delay(PauseWhileBlocked, stopping);
                pause = MinPause / 2;
            }
            catch (RowsRefusedException refused)
            {
                await BisectAsync(some, refused, stopping);
                return;
            }
            catch (Exception exception)
                when (exception is not (RebuildRestartException or BulkFillException) && !stopping.IsCancellationRequested)
            {
                progress.BatchProblem = exception.Message;
                LogBatchFailure(definition.Name, some.Count, pause.TotalMilliseconds, exception);
                await Task.Delay(pause, stopping);
            }
        }
    }

    private async Task BisectAsync(EventBatch some, RowsRefusedException refused, CancellationToken stopping)
    {
        if (some.Count == 1)
        {
            var (cursor, record) = some.Entries[0];
            var reason = $"The store refuses what {definition.Name} makes of the event {record.EventId} "
                + $"({record.Type}, {cursor.Partition} offset {record.Offset}): {refused.Message}";
            await AddDeadLetterAsync(some.Entries[0], reason, stopping);
            return;
        }

        var (first, second) = some.Halve();
        await ApplyAsync(first, stopping);
        await ApplyAsync(second, stopping);
    }

    private async Task AddDeadLetterAsync(BatchEntry entry, string reason, CancellationToken stopping)
    {
        for (var pause = MinPause; ; pause = Longer(pause))
        {
            try
            {
                await applier.AddDeadLetterAsync(entry, reason, stopping);
                return;
            }
            catch (CheckpointLostException)
            {
                await ReclaimAsync([entry.Cursor], stopping);
                return;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                if (exception is not WritesBlockedException)
                    LogBatchFailure(definition.Name, 1, pause.TotalMilliseconds, exception);
                await Task.Delay(pause, stopping);
            }
        }
    }

    private async Task ReclaimAsync(IEnumerable<PartitionCursor> lostCursors, CancellationToken stopping)
    {
        var lost = lostCursors.Select(cursor => new LostPartition(cursor.Partition, cursor.Epoch)).Distinct().ToArray();
        LogCheckpointLost(definition.Name, lost.Length);
        foreach (var (partition, _) in lost)
        {
            cursors.Remove(partition);
            progress.Remove(partition);
        }

        // Two processes that both consider themselves the owner must not claim the partition from each other in a tight loop.
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(100, 1_000)), stopping);
        reader.Reassign(lost);
    }

    private void Report(PartitionCursor cursor)
    {
        // A partition that is assigned again and stops for the same reason is logged once.
        if (reportedStops.GetValueOrDefault(cursor.Partition) != cursor.Stopped)
            LogStoppedPartition(definition.Name, cursor.Stopped!);
        reportedStops[cursor.Partition] = cursor.Stopped!;
        progress.Publish([cursor]);
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < MaxPause ? pause * 2 : MaxPause;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request for dead letters of {Projection} failed; it is tried again.")]
    private partial void LogRequestFailure(string projection, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The projection {Projection} stopped a partition: {Reason}")]
    private partial void LogStoppedPartition(string projection, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The projection {Projection} waits: {Reason}")]
    private partial void LogWaitingPartition(string projection, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The projection {Projection} skipped a record that is not of this system: {Partition} position {Position}: {Reason}")]
    private partial void LogForeignRecord(string projection, LogPartition partition, long position, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The projection {Projection} read the type {Type}, which this binary does not know: "
            + "{Log} partition {Partition} offset {Offset}")]
    private partial void LogUnknownType(string projection, string type, string log, int partition, long offset);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The projection {Projection} could not write a batch of {Events} events; it tries again in {Pause} ms.")]
    private partial void LogBatchFailure(string projection, int events, double pause, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The projection {Projection} lost the checkpoints of {Partitions} partitions to another owner, "
            + "and claims those again that are still assigned to it.")]
    private partial void LogCheckpointLost(string projection, int partitions);
}
