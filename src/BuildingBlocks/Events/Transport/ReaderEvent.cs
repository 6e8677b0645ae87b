namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>Something that a reader has to tell.</summary>
public abstract record ReaderEvent
{
    private ReaderEvent()
    {
    }

    /// <summary>Records came. Those of one partition are in the order of the transport.</summary>
    /// <param name="Records">The records.</param>
    public sealed record Read(IReadOnlyList<LogRecord> Records) : ReaderEvent;

    /// <summary>Partitions are this reader's from now on; records of them that were read before no longer count.</summary>
    /// <param name="Points">Where each goes on.</param>
    /// <param name="Sources">By log: the incarnation of the transport that the positions of its records belong to from now on.</param>
    public sealed record Assigned(IReadOnlyList<Checkpoint> Points, IReadOnlyDictionary<string, string> Sources) : ReaderEvent;

    /// <summary>Partitions are no longer this reader's.</summary>
    /// <param name="Partitions">The partitions.</param>
    public sealed record Revoked(IReadOnlyList<LogPartition> Partitions) : ReaderEvent;

    /// <summary>A partition just assigned must not be applied: its topic does not continue its log. It is assigned again when that may have changed.</summary>
    /// <param name="Partition">The partition.</param>
    /// <param name="Reason">What does not fit.</param>
    public sealed record Refused(LogPartition Partition, string Reason) : ReaderEvent;

    /// <summary>Records at the beginning of a partition just assigned, or being read, were deleted from the transport; or that is over.</summary>
    /// <param name="Partition">The partition.</param>
    /// <param name="Records">What is missing; null where nothing is any more.</param>
    public sealed record Deleted(LogPartition Partition, DeletedRecords? Records) : ReaderEvent;

    /// <summary>There is nothing more to read of these partitions for now.</summary>
    /// <param name="Partitions">The partitions.</param>
    public sealed record Ended(IReadOnlyList<LogPartition> Partitions) : ReaderEvent;

    /// <summary>A record that no log of ours can have written was passed by.</summary>
    /// <param name="Partition">Where it stands.</param>
    /// <param name="Position">The transport's position.</param>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record Foreign(LogPartition Partition, long Position, string Reason) : ReaderEvent;

    /// <summary>Something that the reader needs cannot be reached, or can be again.</summary>
    /// <param name="Subject">What the trouble is with; the end of it names the same.</param>
    /// <param name="Problem">What is wrong; null when it is over.</param>
    public sealed record Trouble(string Subject, string? Problem) : ReaderEvent;
}
