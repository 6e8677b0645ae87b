using System.Globalization;
using Monolith.Host.Cli.Admin;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Events;

/// <summary>Events as tables and lines.</summary>
internal static class EventText
{
    public static IEnumerable<Block> List(IReadOnlyList<EventEntry> events, string? next) => [Table(events, "No event is like that."), .. Paging.GoOn(next)];

    public static IEnumerable<Block> Trace(EventTrace trace)
    {
        var e = trace.Event;
        yield return new Block.Line($"{e.Type} of {e.Module}");
        yield return Block.List<(string Field, string Value)>(
            [
                ("id", e.Id.ToString()),
                ("stream", string.Create(CultureInfo.InvariantCulture, $"{e.StreamId}, version {e.StreamVersion}")),
                ("place", string.Create(CultureInfo.InvariantCulture, $"partition {e.Partition}, offset {e.Offset}")),
                ("time", Figures.ExactTime(e.OccurredAt)),
                ("actor", Figures.Text(e.Actor)),
                ("correlation", e.CorrelationId.ToString()),
                ("causation", Figures.Text(e.CausationId?.ToString())),
                ("trace", Figures.Text(e.TraceParent)),
                ("data", e.Data.GetRawText()),
            ],
            "",
            ("FIELD", field => field.Field),
            ("VALUE", field => field.Value));
        yield return new Block.Line(trace.CausedBy is { } cause ? $"Caused by {cause.Type} {cause.Id} of {cause.Module}." : e.CausationId is null ? "Caused from outside." : "No log of this host has its cause.");
        if (trace.Caused.Count > 0)
            yield return new Block.Line("It caused:");
        yield return Table(trace.Caused, "It caused no other event.");
        if (trace.Correlated.Count > 1)
        {
            yield return new Block.Line("All that follows from the same request:");
            yield return Table(trace.Correlated, "");
        }

        if (trace.Truncated)
            yield return new Block.Line($"There are more: ./run events list --correlation {e.CorrelationId}");
    }

    /// <summary>One event in one line, for lists that never end.</summary>
    public static Block Line(EventEntry e) => new Block.Line(string.Create(
        CultureInfo.InvariantCulture, $"{Figures.ExactTime(e.OccurredAt)}  {e.Type}  {e.StreamId} v{e.StreamVersion}  {Figures.Text(e.Actor)}  {e.Id}  {e.Data.GetRawText()}"));

    private static Block Table(IReadOnlyList<EventEntry> events, string none) => Block.List(
        events,
        none,
        ("TIME", e => Figures.ExactTime(e.OccurredAt)),
        ("EVENT", e => e.Type),
        ("STREAM", e => e.StreamId.ToString()),
        ("VERSION", e => e.StreamVersion.ToString(CultureInfo.InvariantCulture)),
        ("ACTOR", e => Figures.Text(e.Actor)),
        ("ID", e => e.Id.ToString()));
}
