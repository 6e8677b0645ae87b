using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>Offsets by partition as JSON in a registry: <c>{"customers.events": [12, 0, 7]}</c>.</summary>
[JsonSerializable(typeof(Dictionary<string, long[]>))]
public sealed partial class OffsetsJson : JsonSerializerContext
{
    /// <summary>Writes offsets.</summary>
    /// <param name="offsets">The offset of each partition. Partitions of a log are numbered from 0 without a gap.</param>
    public static string Write(IReadOnlyDictionary<LogPartition, long> offsets) => JsonSerializer.Serialize(
        offsets.GroupBy(entry => entry.Key.Log)
            .ToDictionary(log => log.Key, log => log.OrderBy(entry => entry.Key.Partition).Select(entry => entry.Value).ToArray()),
        Default.DictionaryStringInt64Array);

    /// <summary>Reads offsets.</summary>
    /// <param name="json">The result of <see cref="Write"/>.</param>
    public static Dictionary<LogPartition, long> Read(string json) => JsonSerializer.Deserialize(json, Default.DictionaryStringInt64Array)!
        .SelectMany(log => log.Value.Select((offset, partition) => (Partition: new LogPartition(log.Key, partition), Offset: offset)))
        .ToDictionary(entry => entry.Partition, entry => entry.Offset);
}
