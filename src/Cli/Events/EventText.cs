using System.Globalization;
using Monolith.Cli.Admin;
using Monolith.Cli.Invocation;
using Monolith.Cli.Output;

namespace Monolith.Cli.Events;

/// <summary>Events as tables and lines.</summary>
internal static class EventText
{
    public static IEnumerable<Block> List(IReadOnlyList<EventEntry> events, string? nextUrl) =>
        [Table(events, "No event matches."), .. Paging.NextPage(nextUrl)];

    public static IEnumerable<Block> Trace(EventTrace trace)
    {
        var e = trace.Event;
        yield return new Block.Line($"{e.Type} of {e.Module}");
        yield return Fields(e);
        yield return new Block.Line(Cause(trace));
        if (trace.Caused.Count > 0)
            yield return new Block.Line("It caused:");
        yield return Table(trace.Caused, "It caused no other event.");
        if (trace.Correlated.Count > 1)
        {
            yield return new Block.Line("All events that follow from the same request:");
            yield return Table(trace.Correlated, "");
        }

        if (trace.Truncated)
            yield return new Block.Line($"There are more: {SharedOptions.CommandName} events list --correlation {e.CorrelationId}");
    }

    /// <summary>One event in one line.</summary>
    public static Block Line(EventEntry e)
    {
        var stream = string.Create(CultureInfo.InvariantCulture, $"{e.StreamId} v{e.StreamVersion}");
        return new Block.Line(
            $"{Format.ExactTime(e.OccurredAt)}  {e.Type}  {stream}  {Format.Text(e.Actor)}  {e.Id}  {e.Data.GetRawText()}");
    }

    private static Block Fields(EventEntry e) => Block.List<(string Name, string Value)>(
        [
            ("id", e.Id.ToString()),
            ("stream", string.Create(CultureInfo.InvariantCulture, $"{e.StreamId}, version {e.StreamVersion}")),
            ("offset", string.Create(CultureInfo.InvariantCulture, $"partition {e.Partition}, offset {e.Offset}")),
            ("time", Format.ExactTime(e.OccurredAt)),
            ("actor", Format.Text(e.Actor)),
            ("correlation", e.CorrelationId.ToString()),
            ("causation", Format.Text(e.CausationId?.ToString())),
            ("trace", Format.Text(e.TraceParent)),
            ("data", e.Data.GetRawText()),
        ],
        "",
        ("FIELD", field => field.Name),
        ("VALUE", field => field.Value));

    private static string Cause(EventTrace trace)
    {
        if (trace.CausedBy is { } cause)
            return $"Caused by {cause.Type} {cause.Id} of {cause.Module}.";
        return trace.Event.CausationId is null ? "Caused from outside." : "No log of this host has its cause.";
    }

    private static Block Table(IReadOnlyList<EventEntry> events, string none) => Block.List(
        events,
        none,
        ("TIME", e => Format.ExactTime(e.OccurredAt)),
        ("EVENT", e => e.Type),
        ("STREAM", e => e.StreamId.ToString()),
        ("VERSION", e => e.StreamVersion.ToString(CultureInfo.InvariantCulture)),
        ("ACTOR", e => Format.Text(e.Actor)),
        ("ID", e => e.Id.ToString()));
}
