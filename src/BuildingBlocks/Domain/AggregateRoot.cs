namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// The consistency boundary of a command: its state and the events that it raised are committed together, and its version is both the number of
/// its last event and the token of optimistic concurrency.
/// </summary>
public abstract class AggregateRoot
{
    private readonly List<RaisedEvent> raised = [];

    /// <summary>The aggregate's id, which is also the id of its event stream.</summary>
    public Guid Id { get; protected set; }

    /// <summary>Number of events of the stream: 1 after the first, 0 only before it.</summary>
    public long Version { get; private set; }

    /// <summary>Time of the last event, in whole microseconds, UTC.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>The events raised since the aggregate was made or loaded, in order.</summary>
    public IReadOnlyList<RaisedEvent> RaisedEvents => raised;

    /// <summary>Forgets the raised events, once they are committed.</summary>
    public void ClearRaisedEvents() => raised.Clear();

    /// <summary>
    /// Records a fact. The time of an event is never before the one that precedes it in the stream, whatever the clock does, and is kept in
    /// microseconds because that is what the log can keep.
    /// </summary>
    /// <param name="data">The fact.</param>
    /// <param name="now">The time of the clock.</param>
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
