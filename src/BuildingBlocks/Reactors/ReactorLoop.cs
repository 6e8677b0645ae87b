using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>
/// Handles the messages of the reader in order and queues each wanted event in its partition. Partitions are independent: one that fails
/// does not delay the others. A checkpoint advances after each handled event; for skipped events all checkpoints advance at intervals, in
/// one statement.
/// </summary>
internal sealed partial class ReactorLoop(
    ReactorDefinition definition,
    ReactionAttempts attempts,
    ReactorCheckpoints checkpoints,
    IEventReader reader,
    ReactorStatus status,
    ILogger logger)
{
    // Meanwhile the reader reads ahead, which costs live traffic less than a read after each commit.
    private static readonly TimeSpan ReadInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);
    private readonly Dictionary<LogPartition, OwnedPartition> owned = [];
    private readonly Dictionary<LogPartition, Task> released = [];
    private readonly Dictionary<string, EventSelection> sources = definition.Sources.ToDictionary(source => source.Catalogue.Log);
    private readonly Dictionary<LogPartition, string> reportedStops = [];
    private long maintainedAt;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var readable = reader.Events.WaitToReadAsync(stopping).AsTask();
            while (true)
            {
                await Task.WhenAny(readable, Task.Delay(MaintenanceInterval, stopping));
                stopping.ThrowIfCancellationRequested();
                if (readable.IsCompleted)
                {
                    if (!await readable)
                        break;
                    while (reader.Events.TryRead(out var message))
                        Handle(message);
                    readable = reader.Events.WaitToReadAsync(stopping).AsTask();
                }

                await MaintainAsync(stopping);
                await Task.Delay(ReadInterval, stopping);
            }

            await reader.Events.Completion;
        }
        finally
        {
            await StopAsync();
        }
    }

    private void Handle(ReaderEvent message)
    {
        switch (message)
        {
            case ReaderEvent.RecordsRead read:
                foreach (var record in read.Records)
                    Accept(record);
                break;
            case ReaderEvent.Assigned assigned:
                foreach (var point in assigned.Checkpoints)
                    Assign(point, assigned.Sources[point.Partition.Log]);
                break;
            case ReaderEvent.Refused refused when owned.TryGetValue(refused.Partition, out var partition):
                partition.Cursor.StopAt(partition.Cursor.Next, refused.Reason);
                Report(partition);
                break;
            case ReaderEvent.Revoked revoked:
                foreach (var partition in revoked.Partitions)
                    Release(partition);
                break;
            case ReaderEvent.RecordsDeleted deleted when owned.TryGetValue(deleted.Partition, out var partition):
                if (partition.Cursor.NoteDeleted(deleted.Records))
                    reader.Reassign([new LostPartition(partition.Partition, partition.Cursor.Epoch)]);
                break;
            case ReaderEvent.CaughtUp caughtUp:
                foreach (var partition in caughtUp.Partitions)
                    AtEnd(partition);
                break;
            case ReaderEvent.InvalidRecord invalid:
                LogForeignRecord(definition.Name, invalid.Partition, invalid.Position, invalid.Reason);
                break;
            case ReaderEvent.AvailabilityChanged changed:
                status.NoteTrouble(changed.Subject, changed.Problem);
                break;
        }
    }

    private void Accept(LogRecord record)
    {
        if (!owned.TryGetValue(new LogPartition(record.Log, record.Partition), out var partition) || !partition.HasRoom())
            return;

        var cursor = partition.Cursor;
        var stopped = cursor.Stopped;
        if (cursor.Accept(record))
            Queue(partition, record);
        else if (cursor.Stopped != stopped)
            Report(partition);
    }

    private void Queue(OwnedPartition partition, LogRecord record)
    {
        var source = sources[record.Log];
        if (!source.Wants(record.Type))
        {
            partition.Skip(record);
            return;
        }

        try
        {
            partition.Add(source.Catalogue.Decode(record), WorkAsync);
        }
        catch (Exception exception)
        {
            partition.Cursor.StopAt(record.Offset, exception.Message);
            Report(partition);
        }
    }

    private async Task WorkAsync(OwnedPartition partition)
    {
        try
        {
            while (partition.TryDequeue(out var e))
            {
                await attempts.HandleAsync(e, partition, partition.Released);
                if (!await AdvanceAsync(partition, e.Envelope, partition.Released))
                    return;
            }
        }
        catch (OperationCanceledException) when (partition.Released.IsCancellationRequested)
        {
            // The next owner continues from the checkpoint.
        }
    }

    /// <summary>Advances the checkpoint past a handled event, for as long as it takes; false if the partition has another owner.</summary>
    private async Task<bool> AdvanceAsync(OwnedPartition partition, LogRecord last, CancellationToken cancellation)
    {
        for (var pause = MinPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                await AdvanceAsync([(partition, last)], cancellation);
                return !partition.IsLost;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                partition.NoteFailure($"The checkpoint of {partition.Partition} cannot be written: {exception.Message}");
                LogCheckpointFailure(definition.Name, partition.Partition, exception);
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private async Task AdvanceAsync(IReadOnlyList<(OwnedPartition Partition, LogRecord Last)> steps, CancellationToken cancellation)
    {
        var advances = steps
            .Select(step => step.Partition.Cursor.AdvanceTo(step.Last.Offset + 1, step.Last.EventId, step.Last.Position))
            .ToArray();
        var advanced = await checkpoints.AdvanceAsync(advances, cancellation);
        for (var i = 0; i < advances.Length; i++)
        {
            var partition = steps[i].Partition;
            if (!advanced.Contains(partition.Partition))
            {
                partition.NoteLost();
                continue;
            }

            partition.Cursor.MarkCommitted(advances[i]);
            reader.Applied(partition.Partition, advances[i].Position);
        }
    }

    /// <summary>Advances checkpoints past skipped events and claims lost or overfull partitions again, once per interval.</summary>
    private async Task MaintainAsync(CancellationToken stopping)
    {
        if (status.Clock.GetElapsedTime(maintainedAt) < MaintenanceInterval)
            return;
        maintainedAt = status.Clock.GetTimestamp();
        await AdvancePastSkippedAsync(stopping);

        // Two processes that both consider themselves the owner claim the partition from each other at this interval, not in a tight loop.
        var reclaimed = owned.Values.Where(partition => partition.IsLost || (partition.IsOverfull && partition.IsIdle)).ToArray();
        foreach (var partition in reclaimed)
        {
            if (partition.IsLost)
                LogCheckpointLost(definition.Name, partition.Partition);
            Release(partition.Partition);
        }

        if (reclaimed.Length > 0)
            reader.Reassign([.. reclaimed.Select(partition => new LostPartition(partition.Partition, partition.Cursor.Epoch))]);
    }

    private async Task AdvancePastSkippedAsync(CancellationToken stopping)
    {
        var steps = new List<(OwnedPartition, LogRecord)>();
        foreach (var partition in owned.Values)
        {
            if (partition.TryGetSkipped(out var record))
                steps.Add((partition, record));
        }

        if (steps.Count == 0)
            return;
        try
        {
            await AdvanceAsync(steps, stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            // The next round tries again. A crash before that only means that these events are read and skipped again.
            LogSkippedNotStored(definition.Name, exception);
        }
    }

    private void Assign(Checkpoint point, string source)
    {
        Release(point.Partition);
        var before = released.Remove(point.Partition, out var work) ? work : Task.CompletedTask;
        var partition = new OwnedPartition(new PartitionCursor(point, source), before, status.Clock);
        owned[point.Partition] = partition;
        status.Publish(partition);
    }

    private void Release(LogPartition partition)
    {
        if (!owned.Remove(partition, out var removed))
            return;
        removed.Dispose();
        released[partition] = removed.Work;
        status.Remove(partition);
    }

    private void AtEnd(LogPartition partition)
    {
        // After a full queue, records before the end may have been dropped.
        if (!owned.TryGetValue(partition, out var ended) || ended.IsOverfull)
            return;
        var before = ended.Cursor.Waiting;
        ended.Cursor.AtEnd();
        // Deleted records are logged once for the whole topic.
        if (ended.Cursor.Waiting is { } reason && reason != before && !ended.Cursor.IsBeforeDeleted)
            LogWaitingPartition(definition.Name, reason);
    }

    private void Report(OwnedPartition partition)
    {
        // A partition that is claimed again and stops for the same reason is logged once.
        var reason = partition.Cursor.Stopped!;
        if (reportedStops.GetValueOrDefault(partition.Partition) != reason)
            LogStoppedPartition(definition.Name, reason);
        reportedStops[partition.Partition] = reason;
    }

    private async Task StopAsync()
    {
        foreach (var partition in owned.Keys.ToArray())
            Release(partition);
        await Task.WhenAll(released.Values).WaitAsync(StopTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The reactor {Reactor} stopped a partition: {Reason}")]
    private partial void LogStoppedPartition(string reactor, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} waits: {Reason}")]
    private partial void LogWaitingPartition(string reactor, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The reactor {Reactor} skipped a record that is not of this system: {Partition} position {Position}: {Reason}")]
    private partial void LogForeignRecord(string reactor, LogPartition partition, long position, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The reactor {Reactor} could not write the checkpoint of {Partition}; it tries again.")]
    private partial void LogCheckpointFailure(string reactor, LogPartition partition, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The reactor {Reactor} could not store the checkpoint past skipped events; it tries again.")]
    private partial void LogSkippedNotStored(string reactor, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The reactor {Reactor} lost the checkpoint of {Partition} to another owner, "
            + "and claims it again if it is still assigned to it.")]
    private partial void LogCheckpointLost(string reactor, LogPartition partition);
}
