using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Cursors;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>The logs that are followed.</summary>
/// <param name="Layout">The logs and their partitions.</param>
/// <param name="Ring">Their recent events.</param>
internal sealed record FollowedLogs(LogLayout Layout, EventRing Ring)
{
    /// <summary>Pulsed when events were added to the ring.</summary>
    public LogSignal Added { get; } = new();
}
