using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Places;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>What is followed of the logs.</summary>
/// <param name="Layout">The logs and their partitions.</param>
/// <param name="Ring">Their recent past.</param>
internal sealed record Followed(LogLayout Layout, EventRing Ring)
{
    /// <summary>Pulsed when the ring has grown.</summary>
    public LogSignal Grown { get; } = new();
}
