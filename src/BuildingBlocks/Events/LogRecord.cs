namespace Monolith.BuildingBlocks.Events;

/// <summary>An event as it is stored in a log and delivered by a transport: its envelope, and its data as unchanged bytes.</summary>
public sealed class LogRecord
{
    /// <summary>The name of the log, which is also the name of its topic (<c>customers.events</c>).</summary>
    public required string Log { get; init; }

    /// <summary>The partition of the log. It depends on the stream id only (<see cref="Partitioner"/>).</summary>
    public required int Partition { get; init; }

    /// <summary>The offset in the partition: 0, 1, 2 … dense, in commit order.</summary>
    public required long Offset { get; init; }

    /// <summary>The event's id (UUIDv7).</summary>
    public required Guid EventId { get; init; }

    /// <summary>The stream, which is the aggregate that raised the event.</summary>
    public required Guid StreamId { get; init; }

    /// <summary>The version of the stream: 1, 2, 3 … without a gap.</summary>
    public required long StreamVersion { get; init; }

    /// <summary>The versioned type name (<c>customer.registered.v1</c>).</summary>
    public required string Type { get; init; }

    /// <summary>The data of the event as UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>When the event happened: UTC, in whole microseconds. Times never decrease within a stream.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The actor of the command; null if it is not known.</summary>
    public string? Actor { get; init; }

    /// <summary>The id that all events and commands have in common that follow from one external request.</summary>
    public Guid CorrelationId { get; init; }

    /// <summary>The id of the event that led to the command; null if the command came from outside.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>The W3C trace context of the command.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The transport's position of this record: the topic offset in Kafka, the log offset in process.</summary>
    public long Position { get; init; }
}
