using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>A parked event as a document.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ParkedLetter))]
internal sealed partial class LettersJson : JsonSerializerContext
{
    /// <summary>Writes one.</summary>
    /// <param name="letter">The letter.</param>
    public static byte[] Write(ParkedLetter letter) => JsonSerializer.SerializeToUtf8Bytes(letter, Default.ParkedLetter);

    /// <summary>Reads one.</summary>
    /// <param name="document">The document.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static ParkedLetter Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, Default.ParkedLetter) ?? throw new JsonException("A parked event is null.");
}
