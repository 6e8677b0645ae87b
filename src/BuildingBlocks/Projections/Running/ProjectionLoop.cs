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
/// Takes what the reader tells, in order: accepted records gather in a batch, which is applied as soon as there is nothing more to take, or it is full. One loop is the only writer of its cursors.
/// </summary>
internal sealed partial class ProjectionLoop(
    ProjectionDefinition definition, IBatchApplier applier, IEventReader reader, GenerationProgress status, IReadOnlyDictionary<LogPartition, long>? limits, ILogger logger)
{
    /// <summary>Of a projection that is current: small, so that no batch holds its rows for long.</summary>
    private const int LiveBatch = 500;

    /// <summary>Of one that has to catch up: large, since a batch costs the same round trips whatever its size.</summary>
    private const int CatchUpBatch = 5_000;

    private static readonly TimeSpan WhileHeld = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<LogPartition, PartitionCursor> cursors = [];
    private readonly Dictionary<string, EventSelection> sources = definition.Sources.ToDictionary(source => source.Catalogue.Log);
    private readonly HashSet<PartitionCursor> touched = [];
    private readonly Dictionary<LogPartition, string> reported = [];
    private readonly EventBatch batch = new();
    private int mostOfBatch = LiveBatch;

    public async Task RunAsync(CancellationToken stopping)
    {
        var more = reader.Events.WaitToReadAsync(stopping).AsTask();
        // One wait for as long as nothing is asked: every wait stays registered until it ends.
        var asked = applier.Work.WaitAsync(applier.Work.Version, stopping);
        while (true)
        {
            if (!more.IsCompleted)
                await Task.WhenAny(more, asked);
            // The token ends both waits, one after the other: whoever went on waiting for the second would do so inside the callback that ends the first, for ever.
            stopping.ThrowIfCancellationRequested();
            if (asked.IsCompleted)
                asked = applier.Work.WaitAsync(applier.Work.Version, stopping);
            if (more.IsCompleted)
            {
                if (!await more)
                    break;
                while (batch.Count < mostOfBatch && reader.Events.TryRead(out var happened))
                    await HandleAsync(happened, stopping);

                mostOfBatch = batch.Count >= mostOfBatch ? CatchUpBatch : LiveBatch;
                await FlushAsync(stopping);
                more = reader.Events.WaitToReadAsync(stopping).AsTask();
            }

            await WorkAsync(stopping);
        }

        await reader.Events.Completion;
    }

    /// <summary>Does what was asked of parked events, between two batches.</summary>
    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            await applier.WorkAsync(cursors, stopping);
        }
        catch (CheckpointLostException)
        {
            await RetakeAsync(cursors.Values, stopping);
        }
        catch (Exception exception) when (exception is not RebuildRestartException && !stopping.IsCancellationRequested)
        {
            WorkFailed(definition.Name, exception);
        }
    }

    private async Task HandleAsync(ReaderEvent happened, CancellationToken stopping)
    {
        switch (happened)
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
            case ReaderEvent.CaughtUp ended:
                AtEnd(ended.Partitions);
                break;
            case ReaderEvent.InvalidRecord foreign:
                ForeignRecord(definition.Name, foreign.Partition, foreign.Position, foreign.Reason);
                break;
            case ReaderEvent.AvailabilityChanged trouble:
                status.NoteTrouble(trouble.Subject, trouble.Problem);
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
        if (status.NoteUnknownType(record.Type, $"{record.Log}[{record.Partition}] offset {record.Offset}"))
            UnknownType(definition.Name, record.Type, record.Log, record.Partition, record.Offset);
    }

    private void Assign(ReaderEvent.Assigned assigned)
    {
        foreach (var point in assigned.Checkpoints)
        {
            applier.Taken(point);
            cursors[point.Partition] = new PartitionCursor(point, assigned.Sources[point.Partition.Log], limits?.GetValueOrDefault(point.Partition) ?? long.MaxValue);
        }

        status.Publish(assigned.Checkpoints.Select(point => cursors[point.Partition]));
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
            status.Remove(partition);
        }
    }

    private void NoteDeleted(ReaderEvent.RecordsDeleted deleted)
    {
        if (!cursors.TryGetValue(deleted.Partition, out var cursor))
            return;
        if (cursor.NoteDeleted(deleted.Records))
            reader.Reassign([new LostPartition(cursor.Partition, cursor.Epoch)]);
        status.Publish([cursor]);
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
            status.Publish([cursor]);
            // Deleted records are reported once for the whole topic.
            if (cursor.Waiting is { } reason && !cursor.IsBeforeDeleted)
                PartitionWaits(definition.Name, reason);
        }
    }

    private async Task FlushAsync(CancellationToken stopping)
    {
        if (batch.Count == 0)
            return;

        touched.Clear();
        foreach (var entry in batch.Entries)
            touched.Add(entry.Cursor);
        status.Begin();
        using var activity = ProjectionTelemetry.Start(definition.Name, batch, status.IsLive);
        await ApplyAsync(batch, stopping);
        status.End();
        // What was lost in the middle is read again.
        ProjectionTelemetry.Note(definition.Name, touched.All(IsCurrent) ? batch.Count : batch.Entries.Count(entry => IsCurrent(entry.Cursor)), status.IsLive);
        foreach (var cursor in touched)
        {
            if (cursor.AppliedPosition is { } position)
                reader.Applied(cursor.Partition, position);
            if (cursor.Stopped is not null)
                Report(cursor);
        }

        status.Publish(touched.Where(IsCurrent));
        status.NoteVisible(batch);
        batch.Clear();
    }

    // A cursor whose checkpoint was lost is replaced when its partition has been taken anew.
    private bool IsCurrent(PartitionCursor cursor) => cursors.GetValueOrDefault(cursor.Partition) == cursor;

    private async Task ApplyAsync(EventBatch some, CancellationToken stopping)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            some.DropStopped();
            // Of a halved batch, the second half must not pass what the first half has not committed.
            some.Keep(IsCurrent);
            if (some.Count == 0)
                return;
            try
            {
                await applier.ApplyAsync(some, stopping);
                status.BatchProblem = null;
                return;
            }
            catch (CheckpointLostException)
            {
                await RetakeAsync(some.Entries.Select(entry => entry.Cursor), stopping);
                return;
            }
            catch (GenerationHeldException)
            {
                await Task.Delay(WhileHeld, stopping);
                pause = FirstPause / 2;
            }
            catch (RowsRefusedException refused)
            {
                await BisectAsync(some, refused, stopping);
                return;
            }
            catch (Exception exception) when (exception is not (RebuildRestartException or BulkFillException) && !stopping.IsCancellationRequested)
            {
                status.BatchProblem = exception.Message;
                BatchFailed(definition.Name, some.Count, pause.TotalMilliseconds, exception);
                await Task.Delay(pause, stopping);
            }
        }
    }

    private async Task BisectAsync(EventBatch some, RowsRefusedException refused, CancellationToken stopping)
    {
        if (some.Count == 1)
        {
            var record = some.Entries[0].Record;
            await ParkAsync(some, $"The store refuses what {definition.Name} makes of the event {record.EventId} ({record.Type}, {some.Entries[0].Cursor.Partition} offset {record.Offset}): {refused.Message}", stopping);
            return;
        }

        var (first, second) = some.Halve();
        await ApplyAsync(first, stopping);
        await ApplyAsync(second, stopping);
    }

    private async Task ParkAsync(EventBatch one, string reason, CancellationToken stopping)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                await applier.ParkAsync(one.Entries[0], reason, stopping);
                return;
            }
            catch (CheckpointLostException)
            {
                await RetakeAsync([one.Entries[0].Cursor], stopping);
                return;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                if (exception is not GenerationHeldException)
                    BatchFailed(definition.Name, 1, pause.TotalMilliseconds, exception);
                await Task.Delay(pause, stopping);
            }
        }
    }

    private async Task RetakeAsync(IEnumerable<PartitionCursor> of, CancellationToken stopping)
    {
        var lost = of.Select(cursor => new LostPartition(cursor.Partition, cursor.Epoch)).Distinct().ToArray();
        CheckpointLost(definition.Name, lost.Length);
        foreach (var (partition, _) in lost)
        {
            cursors.Remove(partition);
            status.Remove(partition);
        }

        // Two owners that both believe in themselves must not take the partition from each other in a tight loop.
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(100, 1_000)), stopping);
        reader.Reassign(lost);
    }

    private void Report(PartitionCursor cursor)
    {
        // A partition that is taken anew and stops for the same reason is one event, not many.
        if (reported.GetValueOrDefault(cursor.Partition) != cursor.Stopped)
            PartitionStopped(definition.Name, cursor.Stopped!);
        reported[cursor.Partition] = cursor.Stopped!;
        status.Publish([cursor]);
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was asked of the parked events of {Projection} failed; it is tried again.")]
    private partial void WorkFailed(string projection, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The projection {Projection} stopped a partition: {Reason}")]
    private partial void PartitionStopped(string projection, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The projection {Projection} waits: {Reason}")]
    private partial void PartitionWaits(string projection, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The projection {Projection} passed by a record that no log of ours wrote: {Partition} position {Position}: {Reason}")]
    private partial void ForeignRecord(string projection, LogPartition partition, long position, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The projection {Projection} met the type {Type}, which this binary does not know: {Log} partition {Partition} offset {Offset}")]
    private partial void UnknownType(string projection, string type, string log, int partition, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The projection {Projection} could not write a batch of {Events} events; it tries again in {Pause} ms.")]
    private partial void BatchFailed(string projection, int events, double pause, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The projection {Projection} lost the checkpoints of {Partitions} partitions to another owner, and takes them anew where they are still its own.")]
    private partial void CheckpointLost(string projection, int partitions);
}
