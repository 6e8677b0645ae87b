using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>The checkpoints as they stand beside the rows, in the user data of the same commit of the index.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Checkpoint[]))]
internal sealed partial class CommitNotes : JsonSerializerContext
{
    private const string Name = "checkpoints";

    public static Dictionary<string, string> Write(IEnumerable<Checkpoint> checkpoints) => new() { [Name] = JsonSerializer.Serialize([.. checkpoints], Default.CheckpointArray) };

    public static IReadOnlyList<Checkpoint> Read(IDictionary<string, string> notes) =>
        notes.TryGetValue(Name, out var written) ? JsonSerializer.Deserialize(written, Default.CheckpointArray)! : [];
}
