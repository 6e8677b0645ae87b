using System.Threading.Channels;

namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>
/// A running reader. It reads ahead into a bounded channel; whoever takes from the channel slowly slows the reader down. Of every partition that it takes over, the first record is the one
/// that was applied last, or one before it, so that its owner can tell whether this is still the same log.
/// </summary>
public interface IEventReader : IAsyncDisposable
{
    /// <summary>What happened, in order. The channel completes with the reader, with the exception that ended it.</summary>
    ChannelReader<ReaderEvent> Events { get; }

    /// <summary>
    /// Asks to take partitions over anew, after a lost checkpoint, and to go on from where the store says; ignored where they are no longer this reader's, or were taken anew since.
    /// </summary>
    /// <param name="partitions">The partitions.</param>
    void Retake(IReadOnlyCollection<LostPartition> partitions);

    /// <summary>Tells how far a partition has been applied, for tools that show lag, and for the reader itself, which leaves a busy consumer alone (<see cref="Subscription.TellsApplied"/>). Nothing is read back from it.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">The transport's position of the last record that was applied.</param>
    void Applied(LogPartition partition, long position);
}
