using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Projections.Sharing;

/// <summary>What a process tells the others that share a projection's store.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Log">The log that partitions are of; null where the message asks how far the others are.</param>
/// <param name="Applied">The next offset of partitions that the sender applies, by number; null where it asks.</param>
internal sealed record ProgressMessage(string Projection, string? Log = null, IReadOnlyDictionary<int, long>? Applied = null)
{
    /// <summary>Each takes no more than 30 bytes, and NOTIFY takes 8,000 of them.</summary>
    public const int MostPartitions = 200;

    public static ProgressMessage? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ProgressJson.Default.ProgressMessage);
        }
        catch (JsonException)
        {
            // Of another version.
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, ProgressJson.Default.ProgressMessage);
}

/// <summary>How <see cref="ProgressMessage"/> is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressMessage))]
internal sealed partial class ProgressJson : JsonSerializerContext;
