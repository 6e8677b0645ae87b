namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>Which events of a log are asked for; what is null does not matter.</summary>
public sealed record LogFilter
{
    /// <summary>Those of one aggregate.</summary>
    public Guid? StreamId { get; init; }

    /// <summary>Those of one versioned type name, as it is stored.</summary>
    public string? Type { get; init; }

    /// <summary>Those that follow from one request of the outside.</summary>
    public Guid? CorrelationId { get; init; }

    /// <summary>Those that one event led to.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>Those of this time and later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Those before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Those after this place.</summary>
    public EventCursor? After { get; init; }
}
