using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Sharing;

/// <summary>
/// One projection's part of <see cref="ProgressExchange"/>: asks the other processes how far they are while somebody here waits, and tells them how far this one is while somebody there does. Where nobody
/// waits nothing is said.
/// </summary>
/// <param name="projection">The projection as it stands here.</param>
/// <param name="clock">Tells how long an ask holds.</param>
internal sealed class ProgressLine(ProjectionStatus projection, TimeProvider clock)
{
    /// <summary>An ask or two may be late.</summary>
    private static readonly TimeSpan AskHolds = 3 * SharedProgress.AskEvery;

    private static readonly TimeSpan Coalesced = TimeSpan.FromMilliseconds(2);

    // Of the latest ask: what it is answered with in full is told from then on by what has changed.
    private long asked;
    private long asks;

    public string Projection => projection.Name;

    /// <summary>Takes a message of another process.</summary>
    public void Hear(ProgressMessage message)
    {
        if (message is { Log: { } log, Applied: { } applied })
        {
            foreach (var (partition, next) in applied)
                projection.Shared.Hear(new LogPartition(log, partition), next);
            return;
        }

        Volatile.Write(ref asked, clock.GetTimestamp());
        Interlocked.Increment(ref asks);
        projection.Advanced.Pulse();
    }

    /// <summary>Asks while somebody here waits, until it is stopped.</summary>
    public async Task AskAsync(IHostChannel channel, CancellationToken stopping)
    {
        while (true)
        {
            var seen = projection.Shared.Waited.Version;
            if (!projection.Shared.IsWaitedFor)
            {
                await projection.Shared.Waited.WaitAsync(seen, stopping);
                continue;
            }

            await channel.PublishAsync(new ProgressMessage(Projection).Write(), stopping);
            await Task.Delay(SharedProgress.AskEvery, clock, stopping);
        }
    }

    /// <summary>Tells how far this process is while somebody elsewhere waits, until it is stopped.</summary>
    public async Task AnswerAsync(IHostChannel channel, CancellationToken stopping)
    {
        var told = new Dictionary<LogPartition, long>();
        var answered = 0L;
        while (true)
        {
            var seen = projection.Advanced.Version;
            if (Interlocked.Read(ref asks) is var latest && latest != answered)
            {
                answered = latest;
                told.Clear();
            }

            if (answered > 0 && clock.GetElapsedTime(Volatile.Read(ref asked)) < AskHolds)
            {
                foreach (var message in News(told))
                    await channel.PublishAsync(message.Write(), stopping);
                // Batches that come at once are told at once.
                await Task.Delay(Coalesced, stopping);
            }

            await projection.Advanced.WaitAsync(seen, stopping);
        }
    }

    private IEnumerable<ProgressMessage> News(Dictionary<LogPartition, long> told)
    {
        var news = projection.Partitions.Where(status => told.GetValueOrDefault(status.Partition, -1) < status.NextOffset).ToArray();
        foreach (var status in news)
            told[status.Partition] = status.NextOffset;
        return news
            .GroupBy(status => status.Partition.Log)
            .SelectMany(log => log.Chunk(ProgressMessage.MostPartitions), (log, some) =>
                new ProgressMessage(Projection, log.Key, some.ToDictionary(status => status.Partition.Partition, status => status.NextOffset)));
    }
}
