using System.Collections.Concurrent;
using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>Follows all partitions of one log: reads while there is something, then waits for a commit, a request or the slow poll.</summary>
internal sealed class InProcessLogLoop
{
    private const int FewestOfEach = 64;

    // Only a safety net: a commit of this process wakes the loop at once.
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // A consumer that had nothing to apply after all says nothing.
    private static readonly TimeSpan LongestPage = TimeSpan.FromMilliseconds(50);

    private readonly PostgresLog log;
    private readonly Subscription subscription;
    private readonly ChannelWriter<ReaderEvent> events;
    private readonly PostgresLogReader reader;
    private readonly ConcurrentQueue<LostPartition> retakes = new();
    private readonly LogSignal applied = new();
    private readonly LogPartition[] all;
    private readonly long[] next;
    private readonly long[] epochs;
    private readonly int mostOfEach;
    private bool troubled;

    public InProcessLogLoop(PostgresLog log, Subscription subscription, ChannelWriter<ReaderEvent> events)
    {
        this.log = log;
        this.subscription = subscription;
        this.events = events;
        reader = new PostgresLogReader(log, log.Database.Reader);
        all = [.. Enumerable.Range(0, log.Partitions).Select(partition => new LogPartition(log.Name, partition))];
        next = new long[log.Partitions];
        mostOfEach = Math.Max(FewestOfEach, subscription.EventsAtOnce / log.Partitions);
        epochs = new long[log.Partitions];
        foreach (var partition in all)
            retakes.Enqueue(new LostPartition(partition, Epoch: 0));
    }

    public void Retake(LostPartition lost)
    {
        retakes.Enqueue(lost);
        log.Signal.Pulse();
    }

    /// <summary>Notes that the consumer is done with something.</summary>
    public void Applied() => applied.Pulse();

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var seen = log.Signal.Version;
            try
            {
                await TakeRequestedAsync(cancellation);
                if (!await ReadPageAsync(cancellation))
                    await WaitForNewsAsync(seen, cancellation);
            }
            catch (Exception exception) when (IsAway(exception))
            {
                troubled = true;
                var problem = exception is NpgsqlException ? $"The log of {log.Name} cannot be read: {exception.Message}" : exception.Message;
                await events.WriteAsync(new ReaderEvent.Trouble(log.Name, problem), cancellation);
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private async Task TakeRequestedAsync(CancellationToken cancellation)
    {
        if (retakes.IsEmpty)
            return;

        var requested = new Dictionary<LogPartition, LostPartition>();
        while (retakes.TryDequeue(out var lost))
        {
            // Taken anew since: taking it once more would only fence oneself.
            if (epochs[lost.Partition.Partition] <= lost.Epoch)
                requested[lost.Partition] = lost;
        }

        if (requested.Count == 0)
            return;
        try
        {
            var points = await subscription.Take([.. requested.Keys], cancellation);
            foreach (var point in points)
            {
                epochs[point.Partition.Partition] = point.Epoch;
                next[point.Partition.Partition] = Math.Max(0, point.NextOffset - 1);
            }

            await events.WriteAsync(new ReaderEvent.Assigned(points, new Dictionary<string, string> { [log.Name] = InProcessTransport.Source }), cancellation);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            foreach (var lost in requested.Values)
                retakes.Enqueue(lost);
            throw;
        }
    }

    /// <summary>Reads one page; false when that was all there is.</summary>
    private async Task<bool> ReadPageAsync(CancellationToken cancellation)
    {
        var positions = new PartitionOffset[next.Length];
        for (var partition = 0; partition < next.Length; partition++)
            positions[partition] = new PartitionOffset(partition, next[partition]);

        var records = new List<LogRecord>();
        await reader.ReadAsync(positions, mostOfEach, records, cancellation);
        await TellRecoveryAsync(cancellation);

        var counts = new int[next.Length];
        foreach (var record in records)
        {
            next[record.Partition] = record.Offset + 1;
            counts[record.Partition]++;
        }

        var appliedBefore = applied.Version;
        if (records.Count > 0)
            await events.WriteAsync(new ReaderEvent.Read(records), cancellation);
        if (counts.Any(count => count == mostOfEach))
            return true;

        await events.WriteAsync(new ReaderEvent.Ended(all), cancellation);
        if (records.Count > 0 && subscription.TellsApplied)
            await applied.WaitAsync(appliedBefore, LongestPage, cancellation);
        return false;
    }

    private async Task TellRecoveryAsync(CancellationToken cancellation)
    {
        if (!troubled)
            return;
        troubled = false;
        await events.WriteAsync(new ReaderEvent.Trouble(log.Name, null), cancellation);
    }

    // The slow poll is the safety net.
    private Task WaitForNewsAsync(long seen, CancellationToken cancellation) => log.Signal.WaitAsync(seen, SlowPoll, cancellation);

    // The log, or the store that the partitions are taken in: either comes back by itself.
    private static bool IsAway(Exception exception) => exception is NpgsqlException or StorageUnavailableException;
}
