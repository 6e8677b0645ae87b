namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>The progress of a relay in one partition.</summary>
/// <param name="next">The first offset to send.</param>
/// <param name="trustedFrom">
/// The offset that must be acknowledged before the last record of the topic shows how far the topic is filled.
/// </param>
/// <param name="isNoted">Whether the lease already has the id of this topic.</param>
internal sealed class RelayedPartition(long next, long trustedFrom, bool isNoted)
{
    private long acknowledged = next;

    /// <summary>The next offset to send.</summary>
    public long Next { get; set; } = next;

    /// <summary>All events below this offset are acknowledged.</summary>
    public long Acknowledged => Volatile.Read(ref acknowledged);

    public bool IsNoted { get; set; } = isNoted;

    /// <summary>Whether the id of the topic must be stored with the lease.</summary>
    public bool MayBeNoted => !IsNoted && Acknowledged > trustedFrom;

    public void Acknowledge(long offset) => Volatile.Write(ref acknowledged, offset + 1);
}
