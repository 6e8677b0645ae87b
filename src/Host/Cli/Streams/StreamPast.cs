using System.Text.Json;

namespace Monolith.Host.Cli.Streams;

/// <summary>An entity as it was, and how it came to be.</summary>
internal sealed record StreamPast(Guid Id, string Module, string? Entity, long Version, long Latest, JsonElement? State, IReadOnlyList<StreamEntry> Events);

/// <summary>An event in the life of an entity.</summary>
internal sealed record StreamEntry(Guid Id, string Type, long Version, DateTimeOffset OccurredAt, string? Actor, Guid CorrelationId, Guid? CausationId, IReadOnlyList<FieldEntry> Changes);

/// <summary>A field that differs between two states.</summary>
internal sealed record FieldEntry(string Field, JsonElement? Before, JsonElement? After);
