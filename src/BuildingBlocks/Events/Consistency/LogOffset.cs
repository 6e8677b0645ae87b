namespace Monolith.BuildingBlocks.Events.Consistency;

/// <summary>A place in a log up to which a reader wants to see the events.</summary>
/// <param name="Log">The log, by the name of its topic.</param>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="NextOffset">The offset behind the last of the events.</param>
public readonly record struct LogOffset(string Log, int Partition, long NextOffset)
{
    /// <inheritdoc />
    public override string ToString() => $"{Log}[{Partition}] offset {NextOffset - 1}";
}
