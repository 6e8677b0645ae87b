using System.Text.Json;

namespace Monolith.BuildingBlocks.Streaming.Messages;

/// <summary>Reads one property of a JSON object without deserializing the object.</summary>
internal static class JsonProperty
{
    /// <summary>The id in a top-level property; null if there is none, or if the JSON is not an object.</summary>
    public static Guid? IdIn(ReadOnlySpan<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMatch = reader.ValueTextEquals(name);
                reader.Read();
                if (isMatch)
                    return reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id) ? id : null;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // The data of another system. A filter cannot match it.
        }

        return null;
    }
}
