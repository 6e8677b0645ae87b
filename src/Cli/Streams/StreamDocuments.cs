using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.Cli.Streams;

/// <summary>The state of an entity at a version, and the events up to it.</summary>
internal sealed record StreamState(
    Guid Id, string Module, string? Entity, long Version, long Latest, JsonElement? State, IReadOnlyList<StreamEntry> Events);

/// <summary>An event of a stream, and the fields that it changed.</summary>
internal sealed record StreamEntry(
    Guid Id,
    string Type,
    long Version,
    DateTimeOffset OccurredAt,
    string? Actor,
    Guid CorrelationId,
    Guid? CausationId,
    IReadOnlyList<FieldEntry> Changes);

/// <summary>A field that differs between two states.</summary>
internal sealed record FieldEntry(string Field, JsonElement? Before, JsonElement? After);

/// <summary>The differences of an entity between two versions, and the events between them.</summary>
internal sealed record StreamDiff(
    Guid Id,
    string Module,
    string? Entity,
    StreamDiffSide From,
    StreamDiffSide To,
    IReadOnlyList<FieldEntry> Changes,
    IReadOnlyList<StreamEntry> Events);

/// <summary>One side of a comparison.</summary>
internal sealed record StreamDiffSide(long Version, DateTimeOffset? OccurredAt);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StreamState))]
[JsonSerializable(typeof(StreamDiff))]
internal sealed partial class StreamsJson : JsonSerializerContext;
