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
            ("RELAYED", log => Figures.Count(log.Partitions.Sum(partition => partition.RelayedOffset) is { } sum && log.Partitions.Any(partition => partition.RelayedOffset is not null) ? sum : null)),
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
}
