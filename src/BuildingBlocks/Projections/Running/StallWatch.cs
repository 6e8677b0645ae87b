using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// Notices partitions that are behind their log and stand still although nothing says why, as they would where a reader has lost its place without knowing. They are taken anew, again and again, and show as
/// waiting until they move.
/// </summary>
internal sealed partial class StallWatch(string name, IEventTransport transport, IReadOnlyList<string> logs, IEventReader reader, GenerationProgress progress, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>Longer than any transport takes for an event by itself.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(10);

    private readonly Dictionary<LogPartition, Standstill> standstills = [];

    /// <summary>Looks now and then.</summary>
    /// <param name="matters">Whether anybody reads the rows by now: until then a build tells by itself how far it is.</param>
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
        foreach (var status in progress.Partitions.Where(status => status.Partition.Log == log))
        {
            var isBehind = status.NextOffset < heads.GetValueOrDefault(status.Partition) && status.Stopped is null && progress.ApplyingFor == TimeSpan.Zero;
            if (!isBehind)
                standstills.Remove(status.Partition);
            else if (!standstills.TryGetValue(status.Partition, out var before) || before.Next != status.NextOffset)
                standstills[status.Partition] = new Standstill(status.NextOffset, clock.GetTimestamp());
            else if (clock.GetElapsedTime(before.Since) >= Stalled)
                Mend(status, heads[status.Partition]);
        }
    }

    private void Mend(PartitionStatus status, long head)
    {
        var reason = $"{status.Partition} stands still at offset {status.NextOffset}, though its log holds events up to {head - 1}: it is taken anew.";
        if (progress.NoteStall(status.Partition, status.NextOffset, reason))
            StandsStill(name, reason);
        // From here on anew: what is taken anew needs its time too.
        standstills.Remove(status.Partition);
        reader.Retake([new LostPartition(status.Partition, status.Epoch)]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The projection {Projection}: {Reason}")]
    private partial void StandsStill(string projection, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Whether {Projection} stands still cannot be told: {Reason}")]
    private partial void CannotLook(string projection, string reason);

    private readonly record struct Standstill(long Next, long Since);
}
