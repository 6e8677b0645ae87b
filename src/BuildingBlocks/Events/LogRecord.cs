namespace Monolith.BuildingBlocks.Events;

/// <summary>One event of a log as it is stored and carried: its envelope and the bytes of its data, which nobody on the way changes.</summary>
public sealed class LogRecord
{
    /// <summary>The log, by the name of its topic (<c>customers.events</c>).</summary>
    public required string Log { get; init; }

    /// <summary>The partition of the log; it follows from the stream id alone.</summary>
    public required int Partition { get; init; }

    /// <summary>The place in the partition: 0, 1, 2 … dense, in commit order.</summary>
    public required long Offset { get; init; }

    /// <summary>The event's id (UUIDv7).</summary>
    public required Guid EventId { get; init; }

    /// <summary>The aggregate that raised it.</summary>
    public required Guid StreamId { get; init; }

    /// <summary>Its number in the stream: 1, 2, 3 … without a hole.</summary>
    public required long StreamVersion { get; init; }

    /// <summary>The versioned type name (<c>customer.registered.v1</c>).</summary>
    public required string Type { get; init; }

    /// <summary>The event as JSON, verbatim.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>When it happened: whole microseconds, UTC; never back within a stream.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Who acted; null where nobody said.</summary>
    public string? Actor { get; init; }

    /// <summary>Shared by everything that follows from one request of the outside.</summary>
    public Guid CorrelationId { get; init; }

    /// <summary>The event that led to this one; null where it came from outside.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>The W3C trace context of the command.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The transport's own position of this record: the topic offset in Kafka, the log offset without a broker.</summary>
    public long Position { get; init; }
}
