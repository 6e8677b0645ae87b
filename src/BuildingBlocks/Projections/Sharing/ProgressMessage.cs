using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Projections.Sharing;

/// <summary>A request for progress, or a report of it, between processes that share a projection's store.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Log">The log of the partitions; null in a request.</param>
/// <param name="Applied">The next offset of partitions that the sender applies, by number; null in a request.</param>
internal sealed record ProgressMessage(string Projection, string? Log = null, IReadOnlyDictionary<int, long>? Applied = null)
{
    // A partition needs at most 30 bytes, and a NOTIFY carries 8,000.
    public const int MaxPartitions = 200;

    public static ProgressMessage? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ProgressJson.Default.ProgressMessage);
        }
        catch (JsonException)
        {
            // From another version of the host.
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, ProgressJson.Default.ProgressMessage);
}

/// <summary><see cref="ProgressMessage"/> as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressMessage))]
internal sealed partial class ProgressJson : JsonSerializerContext;
