using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Reading;

/// <summary>
/// Finds partitions that are behind their log and do not move, as after a lost seek of a client. Each is assigned again, and its reason
/// is shown until it moves. Stopped partitions are assigned again as well, since their cause may have been fixed.
/// </summary>
/// <param name="name">The name of the reader, for log messages.</param>
/// <param name="transport">Reads the heads.</param>
/// <param name="logs">The names of the logs.</param>
/// <param name="reader">The reader that assigns partitions.</param>
/// <param name="partitions">The partitions.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The logger.</param>
public sealed partial class StalledPartitionMonitor(
    string name,
    IEventTransport transport,
    IReadOnlyList<string> logs,
    IEventReader reader,
    IMonitoredPartitions partitions,
    TimeProvider clock,
    ILogger logger)
{
    /// <summary>Together with <see cref="StalledAfter"/>, a stall is reported within ten seconds.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1.5);

    /// <summary>Longer than any transport takes to deliver an event while its relay works.</summary>
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(7);

    private readonly Dictionary<LogPartition, Unmoved> unmoved = [];

    /// <summary>Compares the partitions with their logs at intervals.</summary>
    /// <param name="isActive">Whether the reader is monitored yet. A rebuild reports its own progress until it catches up.</param>
    /// <param name="stopping">Stops the monitor.</param>
    public async Task RunAsync(Func<bool> isActive, CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(CheckInterval, clock, stopping);
            if (!isActive())
                continue;
            try
            {
                foreach (var log in logs)
                    Check(log, await transport.HeadsAsync(log, stopping));
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // Health checks of the database and the broker report this.
                CheckFailed(name, exception.Message);
            }
        }
    }

    /// <summary>Compares the partitions of a log with its heads.</summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="heads">The head of each partition.</param>
    public void Check(string log, IReadOnlyDictionary<LogPartition, long> heads)
    {
        var behind = partitions.Idle
            .Where(partition => partition.Partition.Log == log && partition.Next < heads.GetValueOrDefault(partition.Partition))
            .ToArray();
        var moved = unmoved.Keys.Where(partition => partition.Log == log).Except(behind.Select(partition => partition.Partition)).ToArray();
        foreach (var partition in moved)
            unmoved.Remove(partition);
        foreach (var partition in behind)
        {
            if (!unmoved.TryGetValue(partition.Partition, out var before) || before.Next != partition.Next)
                unmoved[partition.Partition] = new Unmoved(partition.Next, clock.GetTimestamp());
            else if (clock.GetElapsedTime(before.Since) >= StalledAfter)
                Reassign(partition, heads[partition.Partition]);
        }
    }

    private void Reassign(MonitoredPartition stalled, long head)
    {
        var reason = stalled.Stopped
            ?? $"{stalled.Partition} is stalled at offset {stalled.Next}, although its log has events up to offset {head - 1}: "
            + "it is assigned again.";
        if (partitions.NoteStall(stalled.Partition, stalled.Next, reason) && stalled.Stopped is null)
            PartitionStalled(name, reason);
        // The time starts again, because an assignment takes time too.
        unmoved.Remove(stalled.Partition);
        reader.Reassign([new LostPartition(stalled.Partition, stalled.Epoch)]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reader}: {Reason}")]
    private partial void PartitionStalled(string reader, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Reader}: stalled partitions could not be checked: {Reason}")]
    private partial void CheckFailed(string reader, string reason);

    private readonly record struct Unmoved(long Next, long Since);
}

/// <summary>The partitions that a <see cref="StalledPartitionMonitor"/> compares with their log.</summary>
public interface IMonitoredPartitions
{
    /// <summary>The partitions without a batch in progress, including stopped ones.</summary>
    IEnumerable<MonitoredPartition> Idle { get; }

    /// <summary>Notes that a partition is stalled at an offset. The note is removed when the partition moves.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="next">The next offset to apply.</param>
    /// <param name="reason">The reason, as a sentence.</param>
    /// <returns>False if the stall is known already.</returns>
    bool NoteStall(LogPartition partition, long next, string reason);
}

/// <summary>The progress of a partition that is compared with its log.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The number of its ownership.</param>
/// <param name="Next">The next offset.</param>
/// <param name="Stopped">Why it was stopped; null if it was not.</param>
public readonly record struct MonitoredPartition(LogPartition Partition, long Epoch, long Next, string? Stopped = null);
