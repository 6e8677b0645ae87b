using System.Diagnostics;

namespace Monolith.BuildingBlocks.Events;

/// <summary>Starts activities for events in transit. Each event carries the trace context of its command.</summary>
public static class EventTracing
{
    /// <summary>The number of links of a span that common exporters accept.</summary>
    private const int MaxLinks = 128;

    /// <summary>
    /// Starts an activity for a batch of events. If all events are of one trace, the activity belongs to that trace; otherwise it starts a
    /// new trace with a link to each. Returns null, without looking at the events, if there is no listener.
    /// </summary>
    /// <param name="source">The activity source.</param>
    /// <param name="name">The name of the activity.</param>
    /// <param name="kind">The kind of the activity.</param>
    /// <param name="records">The events.</param>
    public static Activity? StartBatchActivity(this ActivitySource source, string name, ActivityKind kind, IEnumerable<LogRecord> records)
    {
        if (!source.HasListeners())
            return null;
        var commands = ContextsOf(records);
        return commands.Count == 1
            ? source.StartActivity(name, kind, commands[0])
            : source.StartActivity(name, kind, default(ActivityContext), links: commands.Select(command => new ActivityLink(command)));
    }

    private static List<ActivityContext> ContextsOf(IEnumerable<LogRecord> records)
    {
        var contexts = new List<ActivityContext>();
        var seen = new HashSet<string>();
        foreach (var record in records)
        {
            if (record.TraceParent is not { } trace || !seen.Add(trace))
                continue;
            if (ActivityContext.TryParse(trace, null, isRemote: true, out var context))
                contexts.Add(context);
            if (contexts.Count == MaxLinks)
                break;
        }

        return contexts;
    }
}
