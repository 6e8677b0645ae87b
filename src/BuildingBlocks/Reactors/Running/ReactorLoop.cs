using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors.Running;

/// <summary>
/// Takes what the reader tells, in order, and hands each wanted event to its partition, which works on its own: one that fails holds no other back. A checkpoint moves on after each reaction; past what
/// nobody wants only now and then, all partitions in one statement.
/// </summary>
internal sealed partial class ReactorLoop(ReactorDefinition definition, ReactionAttempts attempts, ReactorCheckpoints checkpoints, IEventReader reader, ReactorStatus status, ILogger logger)
{
    /// <summary>Between two looks at what was read: the reader goes on with as much as it may read ahead, and costs live traffic less than one that reads after each commit.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan TendEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopAtMost = TimeSpan.FromSeconds(3);

    private readonly Dictionary<LogPartition, OwnedPartition> owned = [];
    private readonly Dictionary<LogPartition, Task> givenUp = [];
    private readonly Dictionary<string, EventSelection> sources = definition.Sources.ToDictionary(source => source.Catalogue.Log);
    private readonly Dictionary<LogPartition, string> reported = [];
    private long tendedAt;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var more = reader.Events.WaitToReadAsync(stopping).AsTask();
            while (true)
            {
                await Task.WhenAny(more, Task.Delay(TendEvery, stopping));
                stopping.ThrowIfCancellationRequested();
                if (more.IsCompleted)
                {
                    if (!await more)
                        break;
                    while (reader.Events.TryRead(out var happened))
                        Handle(happened);
                    more = reader.Events.WaitToReadAsync(stopping).AsTask();
                }

                await TendAsync(stopping);
                await Task.Delay(Pace, stopping);
            }

            await reader.Events.Completion;
        }
        finally
        {
            await StopAsync();
        }
    }

    private void Handle(ReaderEvent happened)
    {
        switch (happened)
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
                    GiveUp(partition);
                break;
            case ReaderEvent.RecordsDeleted deleted when owned.TryGetValue(deleted.Partition, out var partition):
                if (partition.Cursor.NoteDeleted(deleted.Records))
                    reader.Reassign([new LostPartition(partition.Partition, partition.Cursor.Epoch)]);
                break;
            case ReaderEvent.CaughtUp ended:
                foreach (var partition in ended.Partitions)
                    AtEnd(partition);
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
        if (!owned.TryGetValue(new LogPartition(record.Log, record.Partition), out var partition) || !partition.HasRoom())
            return;

        var cursor = partition.Cursor;
        var stopped = cursor.Stopped;
        if (cursor.Accept(record))
            Take(partition, record);
        else if (cursor.Stopped != stopped)
            Report(partition);
    }

    private void Take(OwnedPartition partition, LogRecord record)
    {
        var source = sources[record.Log];
        if (!source.Wants(record.Type))
        {
            partition.Pass(record);
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
            while (partition.TryTake(out var happened))
            {
                await attempts.SucceedAsync(happened, partition, partition.Given);
                var last = happened.Envelope;
                if (!await AdvanceAsync(partition, last, partition.Given))
                    return;
            }
        }
        catch (OperationCanceledException) when (partition.Given.IsCancellationRequested)
        {
            // Whoever owns the partition next goes on from its checkpoint.
        }
    }

    /// <summary>Moves the checkpoint past an event that was reacted to, however long that takes; false where the partition has another owner.</summary>
    private async Task<bool> AdvanceAsync(OwnedPartition partition, LogRecord last, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await AdvanceAsync([(partition, last)], cancellation);
                return !partition.IsLost;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                partition.NoteFailure($"The checkpoint of {partition.Partition} cannot be written: {exception.Message}");
                CheckpointFailed(definition.Name, partition.Partition, exception);
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private async Task AdvanceAsync(IReadOnlyList<(OwnedPartition Partition, LogRecord Last)> steps, CancellationToken cancellation)
    {
        var advances = steps.Select(step => step.Partition.Cursor.AdvanceTo(step.Last.Offset + 1, step.Last.EventId, step.Last.Position)).ToArray();
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

    /// <summary>What need not be done at once: notes what was passed by, and takes partitions anew.</summary>
    private async Task TendAsync(CancellationToken stopping)
    {
        if (status.Clock.GetElapsedTime(tendedAt) < TendEvery)
            return;
        tendedAt = status.Clock.GetTimestamp();
        await NotePassedAsync(stopping);

        // Two owners that both believe in themselves take a partition from each other at this rhythm, not in a tight loop.
        var anew = owned.Values.Where(partition => partition.IsLost || (partition.IsOverfull && partition.IsIdle)).ToArray();
        foreach (var partition in anew)
        {
            if (partition.IsLost)
                CheckpointLost(definition.Name, partition.Partition);
            GiveUp(partition.Partition);
        }

        if (anew.Length > 0)
            reader.Reassign([.. anew.Select(partition => new LostPartition(partition.Partition, partition.Cursor.Epoch))]);
    }

    private async Task NotePassedAsync(CancellationToken stopping)
    {
        var steps = new List<(OwnedPartition, LogRecord)>();
        foreach (var partition in owned.Values)
        {
            if (partition.TryPassed(out var record))
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
            // The next turn tries again, and until then a crash only means to read these once more.
            PassedNotNoted(definition.Name, exception);
        }
    }

    private void Assign(Checkpoint point, string source)
    {
        GiveUp(point.Partition);
        var before = givenUp.Remove(point.Partition, out var work) ? work : Task.CompletedTask;
        var partition = new OwnedPartition(new PartitionCursor(point, source), before, status.Clock);
        owned[point.Partition] = partition;
        status.Publish(partition);
    }

    private void GiveUp(LogPartition partition)
    {
        if (!owned.Remove(partition, out var given))
            return;
        given.Dispose();
        givenUp[partition] = given.Work;
        status.Remove(partition);
    }

    private void AtEnd(LogPartition partition)
    {
        // Of one that is overfull the end was not looked at.
        if (!owned.TryGetValue(partition, out var ended) || ended.IsOverfull)
            return;
        var before = ended.Cursor.Waiting;
        ended.Cursor.AtEnd();
        // Deleted records are reported once for the whole topic.
        if (ended.Cursor.Waiting is { } reason && reason != before && !ended.Cursor.IsBeforeDeleted)
            PartitionWaits(definition.Name, reason);
    }

    private void Report(OwnedPartition partition)
    {
        // A partition that is taken anew and stops for the same reason is one event, not many.
        var reason = partition.Cursor.Stopped!;
        if (reported.GetValueOrDefault(partition.Partition) != reason)
            PartitionStopped(definition.Name, reason);
        reported[partition.Partition] = reason;
    }

    private async Task StopAsync()
    {
        foreach (var partition in owned.Keys.ToArray())
            GiveUp(partition);
        await Task.WhenAll(givenUp.Values).WaitAsync(StopAtMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The reactor {Reactor} stopped a partition: {Reason}")]
    private partial void PartitionStopped(string reactor, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} waits: {Reason}")]
    private partial void PartitionWaits(string reactor, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} passed by a record that no log of ours wrote: {Partition} position {Position}: {Reason}")]
    private partial void ForeignRecord(string reactor, LogPartition partition, long position, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} could not write the checkpoint of {Partition}; it tries again.")]
    private partial void CheckpointFailed(string reactor, LogPartition partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} could not note what it passed by; it tries again.")]
    private partial void PassedNotNoted(string reactor, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} lost the checkpoint of {Partition} to another owner, and takes it anew where it is still its own.")]
    private partial void CheckpointLost(string reactor, LogPartition partition);
}
