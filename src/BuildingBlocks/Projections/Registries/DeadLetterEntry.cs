using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>A dead letter as a document store keeps it.</summary>
/// <param name="Sequence">Its position among all dead letters of the generation; never reused.</param>
/// <param name="Key">The key, as text.</param>
/// <param name="Record">The event.</param>
/// <param name="Reason">Why it cannot be applied; null if only an earlier event of the same key cannot be applied.</param>
/// <param name="AddedAt">When it became a dead letter.</param>
/// <param name="Request">The pending request, if there is one.</param>
/// <param name="Operation">The operation of the latest request.</param>
public sealed record DeadLetterEntry(
    long Sequence,
    string Key,
    LogRecord Record,
    string? Reason,
    [property: JsonPropertyName("parkedAt")] DateTimeOffset AddedAt,
    [property: JsonPropertyName("asked")] DeadLetterRequest? Request,
    Guid? Operation)
{
    /// <summary>The partition and offset of the event, which identify the dead letter.</summary>
    [JsonIgnore]
    public (LogPartition Partition, long Offset) Offset => (new LogPartition(Record.Log, Record.Partition), Record.Offset);
}

/// <summary>Dead letters as JSON.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeadLetterEntry))]
public sealed partial class DeadLettersJson : JsonSerializerContext
{
    /// <summary>Writes a dead letter.</summary>
    /// <param name="entry">The dead letter.</param>
    public static byte[] Write(DeadLetterEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, Default.DeadLetterEntry);

    /// <summary>Reads a dead letter.</summary>
    /// <param name="document">The JSON document.</param>
    /// <exception cref="JsonException">The document is not a dead letter.</exception>
    public static DeadLetterEntry Read(ReadOnlySpan<byte> document) =>
        JsonSerializer.Deserialize(document, Default.DeadLetterEntry) ?? throw new JsonException("A dead letter is null.");
}
