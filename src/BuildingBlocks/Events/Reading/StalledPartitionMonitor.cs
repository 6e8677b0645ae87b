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
    /// <summary>With it a standstill shows within ten seconds after it began, however the looks fall.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1.5);

    /// <summary>Longer than any transport takes for an event by itself, while its relay lives.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(7);

    private readonly Dictionary<LogPartition, Standstill> standstills = [];

    /// <summary>Compares the partitions with their logs at intervals.</summary>
    /// <param name="matters">Whether the reader is monitored yet. A build reports its own progress until it catches up.</param>
    /// <param name="stopping">Stops the monitor.</param>
    public async Task RunAsync(Func<bool> matters, CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(LookEvery, clock, stopping);
            if (!matters())
                continue;
            try
            {
                foreach (var log in logs)
                    Look(log, await transport.HeadsAsync(log, stopping));
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // Database or broker are away: their own checks say so.
                CannotLook(name, exception.Message);
            }
        }
    }

    /// <summary>Compares the partitions of a log with its heads.</summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="heads">The head of each partition.</param>
    public void Look(string log, IReadOnlyDictionary<LogPartition, long> heads)
    {
        var behind = partitions.Idle.Where(partition => partition.Partition.Log == log && partition.Next < heads.GetValueOrDefault(partition.Partition)).ToArray();
        foreach (var moved in standstills.Keys.Where(partition => partition.Log == log).Except(behind.Select(partition => partition.Partition)).ToArray())
            standstills.Remove(moved);
        foreach (var partition in behind)
        {
            if (!standstills.TryGetValue(partition.Partition, out var before) || before.Next != partition.Next)
                standstills[partition.Partition] = new Standstill(partition.Next, clock.GetTimestamp());
            else if (clock.GetElapsedTime(before.Since) >= Stalled)
                Mend(partition, heads[partition.Partition]);
        }
    }

    private void Mend(MonitoredPartition stalled, long head)
    {
        var reason = stalled.Stopped ?? $"{stalled.Partition} stands still at offset {stalled.Next}, though its log holds events up to {head - 1}: it is taken anew.";
        if (partitions.NoteStall(stalled.Partition, stalled.Next, reason) && stalled.Stopped is null)
            StandsStill(name, reason);
        // From here on anew: what is taken anew needs its time too.
        standstills.Remove(stalled.Partition);
        reader.Retake([new LostPartition(stalled.Partition, stalled.Epoch)]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reader}: {Reason}")]
    private partial void StandsStill(string reader, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Whether {Reader} stands still cannot be told: {Reason}")]
    private partial void CannotLook(string reader, string reason);

    private readonly record struct Standstill(long Next, long Since);
}
