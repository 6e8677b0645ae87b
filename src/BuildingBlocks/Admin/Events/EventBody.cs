using System.Text.Json;
using Monolith.BuildingBlocks.Admin.Logs;

namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>An event as operators see it: its envelope, and its data as it is stored.</summary>
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
            record.EventId,
            record.Type,
            found.Log.Module,
            record.StreamId,
            record.StreamVersion,
            record.Partition,
            record.Offset,
            record.OccurredAt,
            record.Actor,
            record.CorrelationId,
            record.CausationId,
            record.TraceParent,
            JsonElement.Parse(record.Data.Span));
    }
}

/// <summary>The next events of the logs, those of each partition in the order of their offsets.</summary>
/// <param name="Items">The events; may be empty.</param>
/// <param name="Next">The URL that continues after them. Always present: a client that follows the logs requests it next.</param>
/// <param name="More">Whether the logs already contain more events.</param>
internal sealed record EventTailBody(IReadOnlyList<EventBody> Items, string Next, bool More);

/// <summary>An event with its cause and its consequences, across all modules of this process.</summary>
/// <param name="Event">The event.</param>
/// <param name="CausedBy">The event that caused it; null if it came from outside, or if no log of this process contains it.</param>
/// <param name="Caused">The events that it caused, in the order of time.</param>
/// <param name="Correlated">Every event that follows from the same external request, this one included, in the order of time.</param>
/// <param name="Truncated">Whether one of the two lists is not complete.</param>
internal sealed record EventTraceBody(
    EventBody Event, EventBody? CausedBy, IReadOnlyList<EventBody> Caused, IReadOnlyList<EventBody> Correlated, bool Truncated);
