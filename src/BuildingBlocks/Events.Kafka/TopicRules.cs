using Confluent.Kafka.Admin;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>The settings that every topic of events must have: records are kept for ever.</summary>
internal static class TopicRules
{
    private const string Unlimited = "-1";

    /// <summary>The settings, by their names.</summary>
    public static IReadOnlyDictionary<string, string> Wanted { get; } =
        new Dictionary<string, string> { ["retention.ms"] = Unlimited, ["retention.bytes"] = Unlimited, ["cleanup.policy"] = "delete" };

    /// <summary>Says which settings of a topic differ, and what their values must be.</summary>
    public static IEnumerable<string> FaultsOf(string topic, IReadOnlyDictionary<string, ConfigEntryResult> settings)
    {
        foreach (var (name, value) in Wanted)
        {
            if (settings.TryGetValue(name, out var entry) && entry.Value != value)
                yield return $"The topic {topic} has {name}={entry.Value}. It must be {value}, because events are kept for ever. Correct it with kafka-configs.sh.";
        }
    }

    /// <summary>Says that a topic has the wrong number of partitions; null where the number is right.</summary>
    public static string? PartitionFaultOf(string topic, int partitions, int wanted) => partitions == wanted
        ? null
        : $"The topic {topic} has {partitions} partitions but the log has {wanted}, so readers would look in the wrong partitions. Delete the topic: the relay creates it again from the log.";
}
