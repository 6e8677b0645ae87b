using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Stores checkpoints in the user data of index commits.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Checkpoint[]))]
internal sealed partial class CommitUserData : JsonSerializerContext
{
    private const string Name = "checkpoints";

    public static Dictionary<string, string> Write(IEnumerable<Checkpoint> checkpoints) =>
        new() { [Name] = JsonSerializer.Serialize([.. checkpoints], Default.CheckpointArray) };

    public static IReadOnlyList<Checkpoint> Read(IDictionary<string, string> userData) =>
        userData.TryGetValue(Name, out var json) ? JsonSerializer.Deserialize(json, Default.CheckpointArray)! : [];
}
