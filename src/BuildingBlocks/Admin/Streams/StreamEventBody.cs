using System.Text.Json;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>An event in the life of an entity as operators see it: who did it, when, why, and which fields it changed.</summary>
internal sealed record StreamEventBody(
    Guid Id,
    string Type,
    long Version,
    DateTimeOffset OccurredAt,
    string? Actor,
    Guid CorrelationId,
    Guid? CausationId,
    JsonElement Data,
    IReadOnlyList<FieldChange> Changes)
{
    public static StreamEventBody Of(StreamMoment moment)
    {
        var record = moment.Record;
        return new StreamEventBody(
            record.EventId, record.Type, record.StreamVersion, record.OccurredAt, record.Actor, record.CorrelationId, record.CausationId, JsonElement.Parse(record.Data.Span), moment.Changes);
    }
}
