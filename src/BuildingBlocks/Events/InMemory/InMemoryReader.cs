using System.Collections.Concurrent;
using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.InMemory;

/// <summary>Reads all partitions of some logs for one consumer, into a bounded channel.</summary>
internal sealed class InMemoryReader : IEventReader
{
    private const int ChunksAhead = 2;

    // The pause before a store that does not answer is read again.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly Channel<ReaderEvent> events = Channel.CreateBounded<ReaderEvent>(ChunksAhead);
    private readonly CancellationTokenSource stopping = new();
    private readonly Subscription subscription;
    private readonly Dictionary<string, ConcurrentQueue<LostPartition>> reassignments;
    private readonly Dictionary<string, IEventLog> logs;
    private readonly Task running;

    public InMemoryReader(Subscription subscription, IReadOnlyList<IEventLog> logs)
    {
        this.subscription = subscription;
        this.logs = logs.ToDictionary(log => log.Name);
        reassignments = logs.ToDictionary(
            log => log.Name,
            log => new ConcurrentQueue<LostPartition>(
                Enumerable.Range(0, log.Partitions)
                    .Select(partition => new LostPartition(new LogPartition(log.Name, partition), Epoch: 0))));
        running = Task.Run(RunAsync);
    }

    public ChannelReader<ReaderEvent> Events => events.Reader;

    public void Reassign(IReadOnlyCollection<LostPartition> partitions)
    {
        foreach (var lost in partitions)
        {
            reassignments[lost.Partition.Log].Enqueue(lost);
            logs[lost.Partition.Log].Signal.Pulse();
        }
    }

    public void Applied(LogPartition partition, long position)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var all = logs.Values.Select(log => FollowAsync(log, stopping.Token)).ToArray();
        var first = await Task.WhenAny(all);
        await stopping.CancelAsync();
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.Writer.TryComplete(first.Exception?.InnerException);
    }

    private async Task FollowAsync(IEventLog log, CancellationToken cancellation)
    {
        var epochs = new long[log.Partitions];
        var next = new long?[log.Partitions];
        var limit = Math.Max(1, subscription.FetchSize / log.Partitions);
        while (true)
        {
            var seen = log.Signal.Version;
            if (!await ClaimAsync(log, epochs, next, cancellation))
            {
                await log.Signal.WaitAsync(seen, RetryAfter, cancellation);
                continue;
            }

            var records = new List<LogRecord>();
            await log.ReadAsync(
                [.. next.Select((offset, partition) => new PartitionOffset(partition, offset!.Value))], limit, records, cancellation);
            foreach (var record in records)
                next[record.Partition] = record.Offset + 1;
            if (records.Count > 0)
                await events.Writer.WriteAsync(new ReaderEvent.RecordsRead(records), cancellation);
            if (records.GroupBy(record => record.Partition).Any(partition => partition.Count() == limit))
                continue;
            await events.Writer.WriteAsync(
                new ReaderEvent.CaughtUp(
                    [.. Enumerable.Range(0, log.Partitions).Select(partition => new LogPartition(log.Name, partition))]),
                cancellation);
            await log.Signal.WaitAsync(seen, cancellation);
        }
    }

    /// <summary>Claims the requested partitions; false if the store is unavailable.</summary>
    private async Task<bool> ClaimAsync(IEventLog log, long[] epochs, long?[] next, CancellationToken cancellation)
    {
        var requested = new Dictionary<LogPartition, LostPartition>();
        while (reassignments[log.Name].TryDequeue(out var lost))
        {
            // Claimed since with a later epoch: another claim would fence off this reader's own writer.
            if (epochs[lost.Partition.Partition] <= lost.Epoch)
                requested[lost.Partition] = lost;
        }

        if (requested.Count == 0)
            return true;
        try
        {
            var checkpoints = await subscription.Claim([.. requested.Keys], cancellation);
            foreach (var checkpoint in checkpoints)
            {
                epochs[checkpoint.Partition.Partition] = checkpoint.Epoch;
                // The first record is the one that was applied last, so that its owner sees whether this is still the same log.
                next[checkpoint.Partition.Partition] = Math.Max(0, checkpoint.NextOffset - 1);
            }

            await events.Writer.WriteAsync(
                new ReaderEvent.Assigned(
                    checkpoints, new Dictionary<string, string> { [log.Name] = InMemoryTransport.Source }), cancellation);
            return true;
        }
        catch (StorageUnavailableException away)
        {
            foreach (var lost in requested.Values)
                reassignments[log.Name].Enqueue(lost);
            await events.Writer.WriteAsync(new ReaderEvent.AvailabilityChanged(log.Name, away.Message), cancellation);
            return false;
        }
    }
}
