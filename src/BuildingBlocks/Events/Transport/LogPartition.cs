namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>One partition of one log.</summary>
/// <param name="Log">The log, by the name of its topic.</param>
/// <param name="Partition">The partition, from 0.</param>
public readonly record struct LogPartition(string Log, int Partition)
{
    /// <inheritdoc />
    public override string ToString() => $"{Log}[{Partition}]";
}
