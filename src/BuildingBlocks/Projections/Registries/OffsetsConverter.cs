using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>Offsets by partition as they stand in the document: <c>{"customers.events": [12, 0, 7]}</c>.</summary>
internal sealed class OffsetsConverter : JsonConverter<IReadOnlyDictionary<LogPartition, long>>
{
    public override IReadOnlyDictionary<LogPartition, long> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return OffsetsJson.Read(document.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<LogPartition, long> value, JsonSerializerOptions options) => writer.WriteRawValue(OffsetsJson.Write(value));
}
