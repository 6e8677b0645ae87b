using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>Offsets by partition as they stand in a registry: <c>{"customers.events": [12, 0, 7]}</c>.</summary>
[JsonSerializable(typeof(Dictionary<string, long[]>))]
internal sealed partial class OffsetsJson : JsonSerializerContext
{
    public static string Write(IReadOnlyDictionary<LogPartition, long> offsets) => JsonSerializer.Serialize(
        offsets.GroupBy(entry => entry.Key.Log).ToDictionary(log => log.Key, log => log.OrderBy(entry => entry.Key.Partition).Select(entry => entry.Value).ToArray()),
        Default.DictionaryStringInt64Array);

    public static Dictionary<LogPartition, long> Read(string json) => JsonSerializer.Deserialize(json, Default.DictionaryStringInt64Array)!
        .SelectMany(log => log.Value.Select((offset, partition) => (Partition: new LogPartition(log.Key, partition), Offset: offset)))
        .ToDictionary(entry => entry.Partition, entry => entry.Offset);
}
