using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Sharing;

/// <summary>
/// One projection in a <see cref="ProgressExchange"/>: requests the progress of other processes while requests of this process wait for
/// events, and reports the progress of this process while others request it. Otherwise nothing is sent.
/// </summary>
internal sealed class ProjectionProgress(ProjectionStatus projection, TimeProvider clock)
{
    // One or two requests may be late.
    private static readonly TimeSpan RequestLifetime = 3 * SharedProgress.RequestInterval;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(2);

    // The latest request is answered with all partitions, and from then on with those that have changed.
    private long lastRequestAt;
    private long requestCount;

    public string Name => projection.Name;

    /// <summary>Handles a message of another process.</summary>
    public void Receive(ProgressMessage message)
    {
        if (message is { Log: { } log, Applied: { } applied })
        {
            foreach (var (partition, next) in applied)
                projection.Shared.Report(new LogPartition(log, partition), next);
            return;
        }

        Volatile.Write(ref lastRequestAt, clock.GetTimestamp());
        Interlocked.Increment(ref requestCount);
        projection.Advanced.Pulse();
    }

    /// <summary>Requests progress while requests of this process wait, until it is stopped.</summary>
    public async Task SendRequestsAsync(IHostChannel channel, CancellationToken stopping)
    {
        while (true)
        {
            var version = projection.Shared.WaitStarted.Version;
            if (!projection.Shared.HasWaiters)
            {
                await projection.Shared.WaitStarted.WaitAsync(version, stopping);
                continue;
            }

            await channel.PublishAsync(new ProgressMessage(Name).Write(), stopping);
            await Task.Delay(SharedProgress.RequestInterval, clock, stopping);
        }
    }

    /// <summary>Reports progress while other processes request it, until it is stopped.</summary>
    public async Task SendReportsAsync(IHostChannel channel, CancellationToken stopping)
    {
        var reported = new Dictionary<LogPartition, long>();
        var answered = 0L;
        while (true)
        {
            var version = projection.Advanced.Version;
            if (Interlocked.Read(ref requestCount) is var latest && latest != answered)
            {
                answered = latest;
                reported.Clear();
            }

            if (answered > 0 && clock.GetElapsedTime(Volatile.Read(ref lastRequestAt)) < RequestLifetime)
            {
                foreach (var message in Changes(reported))
                    await channel.PublishAsync(message.Write(), stopping);
                // Several batches within this time are reported together.
                await Task.Delay(ReportInterval, stopping);
            }

            await projection.Advanced.WaitAsync(version, stopping);
        }
    }

    private IEnumerable<ProgressMessage> Changes(Dictionary<LogPartition, long> reported)
    {
        var changed = projection.Partitions
            .Where(status => reported.GetValueOrDefault(status.Partition, -1) < status.NextOffset)
            .ToArray();
        foreach (var status in changed)
            reported[status.Partition] = status.NextOffset;
        return changed
            .GroupBy(status => status.Partition.Log)
            .SelectMany(log => log.Chunk(ProgressMessage.MaxPartitions), (log, some) => new ProgressMessage(
                Name, log.Key, some.ToDictionary(status => status.Partition.Partition, status => status.NextOffset)));
    }
}
