using System.Threading.Channels;

namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>
/// A running reader. It reads ahead into a bounded channel, so that a slow consumer slows the reader down. The first record of each
/// assigned partition is at or before the event that was applied last. The consumer uses it to check that the log is still the same.
/// </summary>
public interface IEventReader : IAsyncDisposable
{
    /// <summary>The reader's events, in order. The channel completes with the reader, with the exception that ended it.</summary>
    ChannelReader<ReaderEvent> Events { get; }

    /// <summary>
    /// Requests that partitions are assigned again, from the checkpoints in the store. Partitions that the reader no longer owns, or that
    /// have been assigned since, are ignored. Thread-safe.
    /// </summary>
    /// <param name="partitions">The partitions.</param>
    void Reassign(IReadOnlyCollection<LostPartition> partitions);

    /// <summary>
    /// Reports how far a partition has been applied. Tools that show consumer lag use it, and so does the reader itself
    /// (<see cref="Subscription.ReportsApplied"/>). It is not read back as a checkpoint. Thread-safe.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">The transport's position of the last record that was applied.</param>
    void Applied(LogPartition partition, long position);
}

/// <summary>A partition whose checkpoint is not where its owner expected it.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The epoch of the owner. If the partition has a later epoch, it has already been assigned again.</param>
public readonly record struct LostPartition(LogPartition Partition, long Epoch);
