using Confluent.Kafka.Admin;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>The settings that every topic of events must have: records are kept forever.</summary>
internal static class TopicRules
{
    private const string Unlimited = "-1";

    /// <summary>The required values, by the names of the settings.</summary>
    public static IReadOnlyDictionary<string, string> Wanted { get; } =
        new Dictionary<string, string> { ["retention.ms"] = Unlimited, ["retention.bytes"] = Unlimited, ["cleanup.policy"] = "delete" };

    /// <summary>Describes the settings of a topic that are wrong.</summary>
    public static IEnumerable<string> FaultsOf(string topic, IReadOnlyDictionary<string, ConfigEntryResult> settings)
    {
        foreach (var (name, value) in Wanted)
        {
            if (settings.TryGetValue(name, out var entry) && entry.Value != value)
            {
                yield return $"The topic {topic} has {name}={entry.Value}. It must be {value}, because events are kept for ever. "
                    + "Correct it with kafka-configs.sh.";
            }
        }
    }

    /// <summary>Describes a wrong number of partitions; null if the number is right.</summary>
    public static string? PartitionFaultOf(string topic, int partitions, int wanted) => partitions == wanted
        ? null
        : $"The topic {topic} has {partitions} partitions but the log has {wanted}, so readers would look in the wrong partitions. "
            + "Delete the topic: the relay creates it again from the log.";
}
