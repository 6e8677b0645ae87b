using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>The registry as JSON.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(OffsetsConverter)])]
[JsonSerializable(typeof(RegistryState))]
internal sealed partial class RegistryJson : JsonSerializerContext
{
    // A document in a newer format is not changed.
    public const int Format = 1;

    public static byte[] Write(RegistryState state) => JsonSerializer.SerializeToUtf8Bytes(state, Default.RegistryState);

    /// <exception cref="JsonException">The document is not a registry.</exception>
    public static RegistryState Read(ReadOnlySpan<byte> document)
    {
        var state = JsonSerializer.Deserialize(document, Default.RegistryState) ?? throw new JsonException("The registry is null.");
        return state.Format <= Format
            ? state
            : throw new InvalidOperationException(
                $"The registry was written by a newer binary (format {state.Format}, this one knows {Format}): "
                + "run that one, or remove the store's folder to rebuild it.");
    }
}

/// <summary>Offsets by partition in the document: <c>{"customers.events": [12, 0, 7]}</c>.</summary>
internal sealed class OffsetsConverter : JsonConverter<IReadOnlyDictionary<LogPartition, long>>
{
    public override IReadOnlyDictionary<LogPartition, long> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return OffsetsJson.Read(document.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<LogPartition, long> value, JsonSerializerOptions options) =>
        writer.WriteRawValue(OffsetsJson.Write(value));
}
