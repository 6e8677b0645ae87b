using System.Collections.Concurrent;
using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>
/// Reads all partitions of one log for one reader. It reads as long as there are events, then waits for a commit, a request or the next
/// poll.
/// </summary>
internal sealed class InProcessLogLoop
{
    private const int MinEventsPerPartition = 64;

    // A safety net only: a commit of this process wakes the loop at once.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    // A consumer does not report events that it did not have to apply.
    private static readonly TimeSpan AppliedTimeout = TimeSpan.FromMilliseconds(50);

    private readonly PostgresLog log;
    private readonly Subscription subscription;
    private readonly ChannelWriter<ReaderEvent> events;
    private readonly PostgresLogReader reader;
    private readonly ConcurrentQueue<LostPartition> requests = new();
    private readonly LogSignal applied = new();
    private readonly LogPartition[] all;
    private readonly long[] next;
    private readonly long[] epochs;
    private readonly int eventsPerPartition;
    private bool isUnavailable;

    public InProcessLogLoop(PostgresLog log, Subscription subscription, ChannelWriter<ReaderEvent> events)
    {
        this.log = log;
        this.subscription = subscription;
        this.events = events;
        reader = new PostgresLogReader(log, log.Database.Reader);
        all = [.. Enumerable.Range(0, log.Partitions).Select(partition => new LogPartition(log.Name, partition))];
        next = new long[log.Partitions];
        epochs = new long[log.Partitions];
        eventsPerPartition = Math.Max(MinEventsPerPartition, subscription.FetchSize / log.Partitions);
        foreach (var partition in all)
            requests.Enqueue(new LostPartition(partition, Epoch: 0));
    }

    public void Reassign(LostPartition lost)
    {
        requests.Enqueue(lost);
        log.Signal.Pulse();
    }

    public void NoteApplied() => applied.Pulse();

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var seen = log.Signal.Version;
            try
            {
                await ClaimRequestedAsync(cancellation);
                if (!await ReadBatchAsync(cancellation))
                    await log.Signal.WaitAsync(seen, PollInterval, cancellation);
            }
            catch (Exception exception) when (IsTemporary(exception))
            {
                isUnavailable = true;
                var problem = exception is NpgsqlException
                    ? $"The log of {log.Name} cannot be read: {exception.Message}"
                    : exception.Message;
                await events.WriteAsync(new ReaderEvent.AvailabilityChanged(log.Name, problem), cancellation);
                await Task.Delay(RetryPause, cancellation);
            }
        }
    }

    private async Task ClaimRequestedAsync(CancellationToken cancellation)
    {
        if (requests.IsEmpty)
            return;

        var requested = new Dictionary<LogPartition, LostPartition>();
        while (requests.TryDequeue(out var lost))
        {
            // A partition that was claimed after the loss must not be claimed again: that would only fence off this reader itself.
            if (epochs[lost.Partition.Partition] <= lost.Epoch)
                requested[lost.Partition] = lost;
        }

        if (requested.Count == 0)
            return;
        try
        {
            var checkpoints = await subscription.Claim([.. requested.Keys], cancellation);
            foreach (var checkpoint in checkpoints)
            {
                epochs[checkpoint.Partition.Partition] = checkpoint.Epoch;
                next[checkpoint.Partition.Partition] = Math.Max(0, checkpoint.NextOffset - 1);
            }

            var sources = new Dictionary<string, string> { [log.Name] = InProcessTransport.Source };
            await events.WriteAsync(new ReaderEvent.Assigned(checkpoints, sources), cancellation);
        }
        catch (Exception exception) when (IsTemporary(exception))
        {
            foreach (var lost in requested.Values)
                requests.Enqueue(lost);
            throw;
        }
    }

    /// <summary>Reads a batch of events.</summary>
    /// <returns>Whether there may be more events.</returns>
    private async Task<bool> ReadBatchAsync(CancellationToken cancellation)
    {
        var from = new PartitionOffset[next.Length];
        for (var partition = 0; partition < next.Length; partition++)
            from[partition] = new PartitionOffset(partition, next[partition]);

        var records = new List<LogRecord>();
        await reader.ReadAsync(from, eventsPerPartition, records, cancellation);
        await ReportRecoveryAsync(cancellation);

        var counts = new int[next.Length];
        foreach (var record in records)
        {
            next[record.Partition] = record.Offset + 1;
            counts[record.Partition]++;
        }

        var appliedBefore = applied.Version;
        if (records.Count > 0)
            await events.WriteAsync(new ReaderEvent.RecordsRead(records), cancellation);
        if (counts.Any(count => count == eventsPerPartition))
            return true;

        await events.WriteAsync(new ReaderEvent.CaughtUp(all), cancellation);
        if (records.Count > 0 && subscription.ReportsApplied)
            await applied.WaitAsync(appliedBefore, AppliedTimeout, cancellation);
        return false;
    }

    private async Task ReportRecoveryAsync(CancellationToken cancellation)
    {
        if (!isUnavailable)
            return;
        isUnavailable = false;
        await events.WriteAsync(new ReaderEvent.AvailabilityChanged(log.Name, null), cancellation);
    }

    // Thrown by the log, or by the store in which partitions are claimed.
    private static bool IsTemporary(Exception exception) => exception is NpgsqlException or StorageUnavailableException;
}
