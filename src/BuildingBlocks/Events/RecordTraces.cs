using System.Diagnostics;

namespace Monolith.BuildingBlocks.Events;

/// <summary>Spans over events on their way: each event carries the trace of its command.</summary>
public static class RecordTraces
{
    /// <summary>What a span has room for, as the usual exporters have it.</summary>
    private const int MostLinks = 128;

    /// <summary>Starts a span over some events: in the trace of their command where all are of one, else a span of its own with a link to each. Null, at no cost, where nobody listens.</summary>
    /// <param name="source">Whose span it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="records">The events.</param>
    public static Activity? StartOver(this ActivitySource source, string name, ActivityKind kind, IEnumerable<LogRecord> records)
    {
        if (!source.HasListeners())
            return null;
        var commands = Commands(records);
        return commands.Count == 1
            ? source.StartActivity(name, kind, commands[0])
            : source.StartActivity(name, kind, default(ActivityContext), links: commands.Select(command => new ActivityLink(command)));
    }

    private static List<ActivityContext> Commands(IEnumerable<LogRecord> records)
    {
        var commands = new List<ActivityContext>();
        var seen = new HashSet<string>();
        foreach (var record in records)
        {
            if (record.TraceParent is not { } trace || !seen.Add(trace) || !ActivityContext.TryParse(trace, null, isRemote: true, out var command))
                continue;
            commands.Add(command);
            if (commands.Count == MostLinks)
                break;
        }

        return commands;
    }
}
