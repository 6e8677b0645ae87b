using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events;

/// <summary>An event as a fold receives it: its data in its envelope.</summary>
/// <param name="Envelope">The envelope: id, type, stream, offset, time, correlation and causation.</param>
/// <param name="Data">The event record of the module's contracts.</param>
public sealed record Event(LogRecord Envelope, IEvent Data)
{
    /// <summary>The event's id.</summary>
    public Guid Id => Envelope.EventId;

    /// <summary>The stream, which is the aggregate that raised the event.</summary>
    public Guid StreamId => Envelope.StreamId;

    /// <summary>The version of the stream: 1 for its first event.</summary>
    public long StreamVersion => Envelope.StreamVersion;

    /// <summary>When the event happened: UTC, in whole microseconds.</summary>
    public DateTimeOffset OccurredAt => Envelope.OccurredAt;
}
