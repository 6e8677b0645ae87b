namespace Monolith.BuildingBlocks.Events.Consistency;

/// <summary>An offset in a partition of a log. A read model that has applied the events before it shows them.</summary>
/// <param name="Log">The name of the log.</param>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="NextOffset">The offset after the last event.</param>
public readonly record struct LogOffset(string Log, int Partition, long NextOffset)
{
    /// <inheritdoc />
    public override string ToString() => $"{Log}[{Partition}] offset {NextOffset - 1}";
}
