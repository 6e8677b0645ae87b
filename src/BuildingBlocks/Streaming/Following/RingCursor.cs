namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>A place in the ring.</summary>
/// <param name="Index">The index of the event that comes next.</param>
/// <param name="Vector">The next offset of each partition there.</param>
internal sealed record RingCursor(long Index, long[] Vector);
