namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>An event of a running <see cref="IEventReader"/>.</summary>
public abstract record ReaderEvent
{
    private ReaderEvent()
    {
    }

    /// <summary>Records were read. The records of one partition are in the order of the transport.</summary>
    /// <param name="Records">The records.</param>
    public sealed record RecordsRead(IReadOnlyList<LogRecord> Records) : ReaderEvent;

    /// <summary>Partitions were assigned to this reader. Records of them that were read before must be ignored.</summary>
    /// <param name="Checkpoints">The checkpoint of each partition, from which reading continues.</param>
    /// <param name="Sources">By log: the incarnation of the transport that positions of later records belong to.</param>
    public sealed record Assigned(IReadOnlyList<Checkpoint> Checkpoints, IReadOnlyDictionary<string, string> Sources) : ReaderEvent;

    /// <summary>Partitions were taken away from this reader.</summary>
    /// <param name="Partitions">The partitions.</param>
    public sealed record Revoked(IReadOnlyList<LogPartition> Partitions) : ReaderEvent;

    /// <summary>
    /// A partition that was just assigned must not be applied, because its topic does not continue its log. The reader assigns it again at
    /// intervals, since the cause may have been fixed.
    /// </summary>
    /// <param name="Partition">The partition.</param>
    /// <param name="Reason">The reason, as a sentence.</param>
    public sealed record Refused(LogPartition Partition, string Reason) : ReaderEvent;

    /// <summary>Records at the beginning of an assigned partition were deleted from the transport, or are there again.</summary>
    /// <param name="Partition">The partition.</param>
    /// <param name="Records">The deleted records; null when none are missing any more.</param>
    public sealed record RecordsDeleted(LogPartition Partition, DeletedRecords? Records) : ReaderEvent;

    /// <summary>The reader has reached the heads of partitions: there is nothing more to read at the moment.</summary>
    /// <param name="Partitions">The partitions.</param>
    public sealed record CaughtUp(IReadOnlyList<LogPartition> Partitions) : ReaderEvent;

    /// <summary>A record was skipped because it is not an event of a log.</summary>
    /// <param name="Partition">The partition.</param>
    /// <param name="Position">The transport's position of the record.</param>
    /// <param name="Reason">What is wrong with the record.</param>
    public sealed record InvalidRecord(LogPartition Partition, long Position, string Reason) : ReaderEvent;

    /// <summary>A resource that the reader needs became unavailable, or available again.</summary>
    /// <param name="Subject">The name of the resource. The event that reports the recovery has the same name.</param>
    /// <param name="Problem">The problem, as a sentence; null when the resource is available again.</param>
    public sealed record AvailabilityChanged(string Subject, string? Problem) : ReaderEvent;
}
