using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.Cli.Events;

/// <summary>An event as the admin API returns it.</summary>
internal sealed record EventEntry(
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
    JsonElement Data);

/// <summary>A page of events as JSON documents. The URL of the next page is null on the last one.</summary>
internal sealed record EventPage(IReadOnlyList<JsonElement> Items, string? Next)
{
    public IReadOnlyList<EventEntry> Entries() => [.. Items.Select(item => item.Deserialize(EventsJson.Default.EventEntry)!)];
}

/// <summary>The next events of the logs, the URL that continues after them, and whether the logs already hold more.</summary>
internal sealed record EventTailPage(IReadOnlyList<JsonElement> Items, string Next, bool More);

/// <summary>An event with its cause and its consequences.</summary>
internal sealed record EventTrace(
    EventEntry Event, EventEntry? CausedBy, IReadOnlyList<EventEntry> Caused, IReadOnlyList<EventEntry> Correlated, bool Truncated);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EventEntry))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(EventTailPage))]
[JsonSerializable(typeof(EventTrace))]
internal sealed partial class EventsJson : JsonSerializerContext;
