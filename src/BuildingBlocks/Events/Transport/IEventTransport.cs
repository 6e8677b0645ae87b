using Monolith.BuildingBlocks.Events.Channels;

namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>
/// Delivers the events of logs to readers: at least once, in offset order per partition, each record with its log offset.
/// </summary>
public interface IEventTransport
{
    /// <summary>
    /// How much earlier the time of an event may be than that of an event that was committed before it. Clocks of hosts differ, and a
    /// command takes time before it commits.
    /// </summary>
    static TimeSpan MaxClockSkew { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the transport holds copies of the events, which can be compared with the logs.</summary>
    bool IsCopy { get; }

    /// <summary>Starts a reader. It runs until it is disposed.</summary>
    /// <param name="subscription">The logs to read, the consumer group and the checkpoints.</param>
    IEventReader Open(Subscription subscription);

    /// <summary>Reads the head of each partition of a log, as far as this process knows it: the next offset.</summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="EventsUnavailableException">The transport does not respond.</exception>
    Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation);

    /// <summary>
    /// Reads the head and the last event of each partition of a log. A reader that skips all existing events starts there.
    /// </summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<LogHead>> PartitionHeadsAsync(string log, CancellationToken cancellation);

    /// <summary>
    /// Deletes what the transport stores for a consumer group that is not used any more. Fails while the group has members.
    /// </summary>
    /// <param name="group">The consumer group.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task DeleteGroupAsync(string group, CancellationToken cancellation);

    /// <summary>
    /// Follows all partitions of logs without a consumer group and without checkpoints. Each event from the given offsets on is returned
    /// exactly once, in offset order per partition. While the transport is unavailable, nothing is returned.
    /// </summary>
    /// <param name="from">The first offset to return, for every partition of each log.</param>
    /// <param name="cancellation">Stops following.</param>
    IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(IReadOnlyDictionary<LogPartition, long> from, CancellationToken cancellation);

    /// <summary>
    /// Finds, for each partition of a log, an offset before which no event happened at or after a time. Clock skew up to
    /// <see cref="MaxClockSkew"/> is taken into account.
    /// </summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="since">The time.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyDictionary<LogPartition, long>> OffsetsSinceAsync(string log, DateTimeOffset since, CancellationToken cancellation);

    /// <summary>
    /// Finds partitions of a log whose first records were deleted from the transport, so that they cannot be read from offset 0.
    /// </summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>One entry for each such partition. Empty if the transport reads the log itself.</returns>
    Task<IReadOnlyDictionary<LogPartition, DeletedRecords>> DeletedRecordsAsync(string log, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<LogPartition, DeletedRecords>>(new Dictionary<LogPartition, DeletedRecords>());

    /// <summary>Opens a channel between the hosts that use this transport.</summary>
    /// <param name="name">The name of the channel.</param>
    /// <returns>The channel; null if the transport serves a single host.</returns>
    IHostChannel? OpenChannel(string name) => null;
}
