using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// Notices partitions that are behind their log and stand still although nothing says why, as they would where a reader has lost its place without knowing. They are taken anew, again and again, and show as
/// waiting until they move. So are those that were stopped: what stopped them may have been mended meanwhile.
/// </summary>
internal sealed partial class StalledPartitionMonitor(string name, IEventTransport transport, IReadOnlyList<string> logs, IEventReader reader, IMonitoredPartitions partitions, TimeProvider clock, ILogger logger)
{
    /// <summary>With it a standstill shows within ten seconds after it began, however the looks fall.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1.5);

    /// <summary>Longer than any transport takes for an event by itself, while its relay lives.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(7);

    private readonly Dictionary<LogPartition, Standstill> standstills = [];

    /// <summary>Looks now and then.</summary>
    /// <param name="matters">Whether anybody waits for it by now: until then a build tells by itself how far it is.</param>
    /// <param name="stopping">Ends it.</param>
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

    /// <summary>Compares where the partitions of a log stand with where it ends.</summary>
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
