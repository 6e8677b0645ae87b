using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.BuildingBlocks.Projections.Verification;

/// <summary>Rows as JSON, for hashes and reports.</summary>
internal static class RowJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new TextKeyJson() },
    };

    public static byte[] Bytes<TRow>(TRow row) => JsonSerializer.SerializeToUtf8Bytes(row, Options);

    public static JsonElement Element<TRow>(TRow row) => JsonSerializer.SerializeToElement(row, Options);

    private sealed class TextKeyJson : System.Text.Json.Serialization.JsonConverter<TextKey>
    {
        public override TextKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, TextKey value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }
}
