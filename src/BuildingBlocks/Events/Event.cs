using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events;

/// <summary>An event as a fold sees it: the record of the Contracts in its envelope.</summary>
/// <param name="Envelope">Id, type, stream, place, time and causes.</param>
/// <param name="Data">The fact.</param>
public sealed record Event(LogRecord Envelope, IEvent Data)
{
    /// <summary>The event's id.</summary>
    public Guid Id => Envelope.EventId;

    /// <summary>The aggregate that raised it.</summary>
    public Guid StreamId => Envelope.StreamId;

    /// <summary>Its number in the stream, from 1.</summary>
    public long StreamVersion => Envelope.StreamVersion;

    /// <summary>When it happened: whole microseconds, UTC.</summary>
    public DateTimeOffset OccurredAt => Envelope.OccurredAt;
}
