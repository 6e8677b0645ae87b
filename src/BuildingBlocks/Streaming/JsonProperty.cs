using System.Text.Json;

namespace Monolith.BuildingBlocks.Streaming;

/// <summary>Reads one property of a JSON object without reading the rest into anything.</summary>
internal static class JsonProperty
{
    /// <summary>The id that a property of the object itself holds; null where there is none, or the JSON is no object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">The property.</param>
    public static Guid? IdIn(ReadOnlySpan<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIt = reader.ValueTextEquals(name);
                reader.Read();
                if (isIt)
                    return reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id) ? id : null;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Somebody else's data; it has no id that anybody could ask for.
        }

        return null;
    }
}
