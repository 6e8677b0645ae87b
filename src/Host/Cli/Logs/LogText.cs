using System.Globalization;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Logs;

/// <summary>Logs as tables.</summary>
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
            ("EVENTS", log => Figures.Count(log.Events)),
            ("RELAYED", Relayed),
            ("FIRST", log => Figures.Time(log.FirstAt)),
            ("LAST", log => Figures.Time(log.LastAt)));
        foreach (var log in logs.Where(_ => withPartitions))
        {
            yield return new Block.Line($"{log.Name} by partition:");
            yield return Block.List(
                log.Partitions,
                "It has none.",
                ("PARTITION", partition => partition.Partition.ToString(CultureInfo.InvariantCulture)),
                ("NEXT OFFSET", partition => Figures.Count(partition.NextOffset)),
                ("RELAYED", partition => Figures.Count(partition.RelayedOffset)));
        }
    }

    // A host knows this of the partitions that it relays. A sum over some of them would look like a relay that is behind.
    private static string Relayed(LogEntry log)
    {
        var known = log.Partitions.Where(partition => partition.RelayedOffset is not null).ToArray();
        var sum = Figures.Count(known.Length == 0 ? null : known.Sum(partition => partition.RelayedOffset));
        var ofThose = Figures.Count(known.Sum(partition => partition.NextOffset));
        return known.Length == 0 || known.Length == log.Partitions.Count ? sum : string.Create(CultureInfo.InvariantCulture, $"{sum} of {ofThose} in this host's {known.Length} of {log.Partitions.Count} partitions");
    }
}
