using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>A parked event as a document.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeadLetterEntry))]
public sealed partial class DeadLettersJson : JsonSerializerContext
{
    /// <summary>Writes one.</summary>
    /// <param name="letter">The letter.</param>
    public static byte[] Write(DeadLetterEntry letter) => JsonSerializer.SerializeToUtf8Bytes(letter, Default.DeadLetterEntry);

    /// <summary>Reads one.</summary>
    /// <param name="document">The document.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static DeadLetterEntry Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, Default.DeadLetterEntry) ?? throw new JsonException("A parked event is null.");
}
