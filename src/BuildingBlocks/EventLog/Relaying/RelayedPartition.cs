namespace Monolith.BuildingBlocks.EventLog.Relaying;

/// <summary>How far a relay is with one partition.</summary>
internal sealed class RelayedPartition(long next)
{
    private long acknowledged = next;

    /// <summary>The next offset to produce.</summary>
    public long Next { get; set; } = next;

    /// <summary>Everything below this offset is safe in the topic.</summary>
    public long Acknowledged => Volatile.Read(ref acknowledged);

    public void Acknowledge(long offset) => Volatile.Write(ref acknowledged, offset + 1);
}
