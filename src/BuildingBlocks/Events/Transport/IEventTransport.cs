using Monolith.BuildingBlocks.Events.Channels;

namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>Carries the events of logs to their readers: at least once, in offset order per partition, each record with its log offset.</summary>
public interface IEventTransport
{
    /// <summary>By how much an event may be older than one that was committed before it: hosts have clocks of their own, and a command takes its time before it commits.</summary>
    static TimeSpan ClockSlack { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether it carries copies of the events, which may be compared with the logs.</summary>
    bool IsCopy { get; }

    /// <summary>Starts to read.</summary>
    /// <param name="subscription">What to read, and as whom.</param>
    /// <returns>A reader that runs until it is disposed.</returns>
    IEventReader Open(Subscription subscription);

    /// <summary>The heads of a log, as far as this process can tell: the next offset of each partition.</summary>
    /// <param name="log">The log, by the name of its topic.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation);

    /// <summary>Removes what the transport keeps of a group that nobody will read as again. Fails while it still has members.</summary>
    /// <param name="group">The consumer group.</param>
    /// <param name="cancellation">Gives up.</param>
    Task ForgetAsync(string group, CancellationToken cancellation);

    /// <summary>Where a log ends now, all partitions at one moment.</summary>
    /// <param name="log">The log, by the name of its topic.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One entry a partition.</returns>
    Task<IReadOnlyList<LogHead>> EndsAsync(string log, CancellationToken cancellation);

    /// <summary>
    /// Follows logs without owning anything of them: no group, no checkpoint, every partition. Each event from its place on comes exactly once, those of a partition in offset order; while the transport
    /// is away nothing comes, and then it goes on.
    /// </summary>
    /// <param name="from">The next offset of every partition of each log that is followed.</param>
    /// <param name="cancellation">Ends it.</param>
    IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(IReadOnlyDictionary<LogPartition, long> from, CancellationToken cancellation);

    /// <summary>The place of each partition before which nothing has happened since a time, as far as clocks agree (<see cref="ClockSlack"/>).</summary>
    /// <param name="log">The log, by the name of its topic.</param>
    /// <param name="since">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyDictionary<LogPartition, long>> PlacesSinceAsync(string log, DateTimeOffset since, CancellationToken cancellation);

    /// <summary>Looks where records at the beginning of a log were deleted from the transport, so that it cannot be read from offset 0.</summary>
    /// <param name="log">The log, by the name of its topic.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>One entry a partition that does not begin with offset 0; none where the transport reads the log itself.</returns>
    Task<IReadOnlyDictionary<LogPartition, DeletedRecords>> DeletedAsync(string log, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<LogPartition, DeletedRecords>>(new Dictionary<LogPartition, DeletedRecords>());

    /// <summary>A channel between the hosts that read by this transport.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The channel; null where the transport serves one host alone.</returns>
    IHostChannel? ChannelOf(string name) => null;
}
