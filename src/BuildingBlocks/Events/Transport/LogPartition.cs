namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>One partition of one log.</summary>
/// <param name="Log">The name of the log, which is also the name of its topic (<c>customers.events</c>).</param>
/// <param name="Partition">The partition, from 0.</param>
public readonly record struct LogPartition(string Log, int Partition)
{
    /// <inheritdoc />
    public override string ToString() => $"{Log}[{Partition}]";
}
