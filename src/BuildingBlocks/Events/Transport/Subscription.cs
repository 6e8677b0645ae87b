namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>What a reader reads, and as whom.</summary>
/// <param name="Group">The consumer group; readers of one group share the partitions (<c>monolith.orders.customers.g1</c>).</param>
/// <param name="Logs">The logs, by the names of their topics.</param>
/// <param name="Take">
/// Called when partitions come to this reader: takes ownership of them in the store and says where to go on. It may be called again for a partition that is already owned.
/// </param>
public sealed record Subscription(
    string Group,
    IReadOnlyList<string> Logs,
    Func<IReadOnlyList<LogPartition>, CancellationToken, Task<IReadOnlyList<Checkpoint>>> Take)
{
    /// <summary>What a reader fetches at once where nothing else is said.</summary>
    public const int UsualEventsAtOnce = 2_000;

    /// <summary>How many events a reader fetches at once, about; more is faster for a replay, and takes more memory.</summary>
    public int EventsAtOnce { get; init; } = UsualEventsAtOnce;

    /// <summary>
    /// Whether the consumer says what it has applied (<see cref="IEventReader.Applied"/>). At the end of a log a reader then leaves what comes while it is busy for one read, instead of reading it bit by bit.
    /// </summary>
    public bool TellsApplied { get; init; }
}
