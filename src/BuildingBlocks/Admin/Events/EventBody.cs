using System.Text.Json;
using Monolith.BuildingBlocks.Admin.Logs;

namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>An event as operators see it: its whole envelope, and its data as it is stored.</summary>
internal sealed record EventBody(
    Guid Id,
    string Type,
    string Module,
    Guid StreamId,
    long StreamVersion,
    int Partition,
    long Offset,
    DateTimeOffset OccurredAt,
    string? Actor,
    Guid CorrelationId,
    Guid? CausationId,
    string? TraceParent,
    JsonElement Data)
{
    public static EventBody Of(FoundEvent found)
    {
        var record = found.Record;
        return new EventBody(
            record.EventId, record.Type, found.Log.Module, record.StreamId, record.StreamVersion, record.Partition, record.Offset, record.OccurredAt, record.Actor, record.CorrelationId, record.CausationId,
            record.TraceParent, JsonElement.Parse(record.Data.Span));
    }
}
