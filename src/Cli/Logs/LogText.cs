using System.Globalization;
using Monolith.Cli.Output;

namespace Monolith.Cli.Logs;

/// <summary>Event logs as tables.</summary>
internal static class LogText
{
    public static IEnumerable<Block> List(IReadOnlyList<LogEntry> logs, bool withPartitions)
    {
        yield return Block.List(
            logs,
            "This host has no logs.",
            ("LOG", log => log.Name),
            ("MODULE", log => log.Module),
            ("PARTITIONS", log => log.Partitions.Count.ToString(CultureInfo.InvariantCulture)),
            ("EVENTS", log => Format.Count(log.Events)),
            ("RELAYED", Relayed),
            ("FIRST", log => Format.Time(log.FirstAt)),
            ("LAST", log => Format.Time(log.LastAt)));
        foreach (var log in logs.Where(_ => withPartitions))
        {
            yield return new Block.Line($"{log.Name} by partition:");
            yield return Block.List(
                log.Partitions,
                "It has no partitions.",
                ("PARTITION", partition => partition.Partition.ToString(CultureInfo.InvariantCulture)),
                ("NEXT OFFSET", partition => Format.Count(partition.NextOffset)),
                ("RELAYED", partition => Format.Count(partition.RelayedOffset)));
        }
    }

    // A host knows the relayed offsets of its own partitions only. A sum over some partitions would look like a lagging relay.
    private static string Relayed(LogEntry log)
    {
        var known = log.Partitions.Where(partition => partition.RelayedOffset is not null).ToArray();
        if (known.Length == 0)
            return Format.Count(null);
        var sum = Format.Count(known.Sum(partition => partition.RelayedOffset));
        if (known.Length == log.Partitions.Count)
            return sum;
        var total = Format.Count(known.Sum(partition => partition.NextOffset));
        return string.Create(
            CultureInfo.InvariantCulture, $"{sum} of {total} in this host's {known.Length} of {log.Partitions.Count} partitions");
    }
}
