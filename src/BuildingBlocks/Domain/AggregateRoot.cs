namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// The consistency boundary of a command. Its state and its raised events are committed together. Its version is both the number of its
/// last event and the token of optimistic concurrency.
/// </summary>
public abstract class AggregateRoot
{
    private readonly List<RaisedEvent> raised = [];

    /// <summary>The aggregate's id, which is also the id of its event stream.</summary>
    public Guid Id { get; protected set; }

    /// <summary>The number of events in the stream: 0 before the first event.</summary>
    public long Version { get; private set; }

    /// <summary>The time of the last event, in whole microseconds, UTC.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>The events raised since the aggregate was created or loaded, in order.</summary>
    public IReadOnlyList<RaisedEvent> RaisedEvents => raised;

    /// <summary>Removes the raised events after they were committed.</summary>
    public void ClearRaisedEvents() => raised.Clear();

    /// <summary>
    /// Records an event. Its time is never before that of the previous event in the stream, even if the clock goes back, and is cut to
    /// microseconds, which is the precision of the log.
    /// </summary>
    /// <param name="data">The event.</param>
    /// <param name="now">The current time.</param>
    protected void Raise(IEvent data, DateTimeOffset now)
    {
        var time = ToMicroseconds(now);
        ChangedAt = time > ChangedAt ? time : ChangedAt;
        Version++;
        raised.Add(new RaisedEvent(data, Version, ChangedAt));
    }

    /// <summary>Cuts a time to whole microseconds, UTC.</summary>
    /// <param name="time">Any time.</param>
    protected static DateTimeOffset ToMicroseconds(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return new DateTimeOffset(utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond)), TimeSpan.Zero);
    }
}

/// <summary>An event that an aggregate raised and that is not committed yet.</summary>
/// <param name="Data">The event.</param>
/// <param name="Version">Its number in the aggregate's stream, from 1, without a gap.</param>
/// <param name="OccurredAt">When it happened, in whole microseconds, UTC; never before the stream's previous event.</param>
public readonly record struct RaisedEvent(IEvent Data, long Version, DateTimeOffset OccurredAt);
