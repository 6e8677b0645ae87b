namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>
/// An event that is appended to a module's log: one row of <c>events</c>. Its key is stream and version; the database assigns the offset.
/// </summary>
internal sealed class EventRow
{
    public required Guid StreamId { get; init; }

    public required long StreamVersion { get; init; }

    public required int Partition { get; init; }

    public long Offset { get; init; }

    public required Guid EventId { get; init; }

    public required string Type { get; init; }

    public required string Data { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public string? Actor { get; init; }

    public required Guid CorrelationId { get; init; }

    public Guid? CausationId { get; init; }

    public string? Traceparent { get; init; }
}
