namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>How far a relay is with one partition.</summary>
/// <param name="next">The offset to begin with.</param>
/// <param name="trustedFrom">The offset that must be safe in the topic before its last record says how far it is filled.</param>
/// <param name="isNoted">Whether the lease says already that this topic can be trusted.</param>
internal sealed class RelayedPartition(long next, long trustedFrom, bool isNoted)
{
    private long acknowledged = next;

    /// <summary>The next offset to produce.</summary>
    public long Next { get; set; } = next;

    /// <summary>Everything below this offset is safe in the topic.</summary>
    public long Acknowledged => Volatile.Read(ref acknowledged);

    public bool IsNoted { get; set; } = isNoted;

    /// <summary>Whether it is time to note with the lease that the topic's last record can be trusted.</summary>
    public bool MayBeNoted => !IsNoted && Acknowledged > trustedFrom;

    public void Acknowledge(long offset) => Volatile.Write(ref acknowledged, offset + 1);
}
