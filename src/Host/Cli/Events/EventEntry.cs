using System.Text.Json;

namespace Monolith.Host.Cli.Events;

/// <summary>An event as the admin API tells of it.</summary>
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
