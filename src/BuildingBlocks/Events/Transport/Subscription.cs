namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>What a reader reads, and in which consumer group.</summary>
/// <param name="Group">
/// The consumer group. Readers of one group share the partitions (<c>monolith.orders.customers.g1</c>).
/// </param>
/// <param name="Logs">The names of the logs.</param>
/// <param name="Claim">
/// Called when partitions are assigned to this reader: claims them in the store and returns their checkpoints. It may be called again for a
/// partition that the reader owns already.
/// </param>
public sealed record Subscription(
    string Group,
    IReadOnlyList<string> Logs,
    Func<IReadOnlyList<LogPartition>, CancellationToken, Task<IReadOnlyList<Checkpoint>>> Claim)
{
    /// <summary>The default of <see cref="FetchSize"/>.</summary>
    public const int DefaultFetchSize = 2_000;

    /// <summary>About how many events a reader fetches at a time. A larger number is faster for a replay and takes more memory.</summary>
    public int FetchSize { get; init; } = DefaultFetchSize;

    /// <summary>
    /// Whether the consumer calls <see cref="IEventReader.Applied"/>. Near the head of a log, a reader then waits until the consumer is
    /// done, and reads what was committed meanwhile with one query.
    /// </summary>
    public bool ReportsApplied { get; init; }
}
