using System.Globalization;
using System.Text.Json;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Streams;

/// <summary>The past of an entity as tables.</summary>
internal static class StreamText
{
    public static IEnumerable<Block> Past(StreamPast past)
    {
        yield return new Block.Line($"{past.Entity ?? "stream"} {past.Id} of {past.Module}, version {Figures.Count(past.Version)} of {Figures.Count(past.Latest)}");
        if (past.State is { ValueKind: JsonValueKind.Object } state)
            yield return Block.List(state.EnumerateObject().ToArray(), "It has no fields.", ("FIELD", field => field.Name), ("VALUE", field => Plain(field.Value)));
        yield return Events(past.Events);
    }

    public static IEnumerable<Block> Diff(StreamDiff diff)
    {
        yield return new Block.Line($"{diff.Entity ?? "stream"} {diff.Id} of {diff.Module}, from {Side(diff.From)} to {Side(diff.To)}");
        yield return Block.List(
            diff.Changes, "No field differs.", ("FIELD", change => change.Field), ("BEFORE", change => Value(change.Before)), ("AFTER", change => Value(change.After)));
        yield return Events(diff.Events);
    }

    private static Block Events(IReadOnlyList<StreamEntry> events) => Block.List(
        events,
        "No event lies between them.",
        ("VERSION", e => e.Version.ToString(CultureInfo.InvariantCulture)),
        ("TIME", e => Figures.Time(e.OccurredAt)),
        ("EVENT", e => e.Type),
        ("ACTOR", e => Figures.Text(e.Actor)),
        ("ID", e => e.Id.ToString()),
        ("CAUSED BY", e => Figures.Text(e.CausationId?.ToString())),
        ("CHANGED", e => string.Join(", ", e.Changes.Select(change => change.Field))));

    private static string Side(StreamDiffSide side) => side.Version == 0 ? "nothing" : $"version {Figures.Count(side.Version)} ({Figures.Time(side.OccurredAt)})";

    private static string Value(JsonElement? value) => value is { } there ? Plain(there) : Figures.Text(null);

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
