using System.Globalization;
using System.Text.Json;
using Monolith.Cli.Output;

namespace Monolith.Cli.Streams;

/// <summary>States of an entity as tables.</summary>
internal static class StreamText
{
    public static IEnumerable<Block> State(StreamState stream)
    {
        yield return new Block.Line(
            $"{NameOf(stream.Entity, stream.Id, stream.Module)}, version {Format.Count(stream.Version)} of {Format.Count(stream.Latest)}");
        if (stream.State is { ValueKind: JsonValueKind.Object } state)
        {
            yield return Block.List(
                state.EnumerateObject().ToArray(),
                "It has no fields.",
                ("FIELD", field => field.Name),
                ("VALUE", field => Plain(field.Value)));
        }

        yield return Events(stream.Events);
    }

    public static IEnumerable<Block> Diff(StreamDiff diff)
    {
        yield return new Block.Line($"{NameOf(diff.Entity, diff.Id, diff.Module)}, from {Side(diff.From)} to {Side(diff.To)}");
        yield return Block.List(
            diff.Changes,
            "No field differs.",
            ("FIELD", change => change.Field),
            ("BEFORE", change => Value(change.Before)),
            ("AFTER", change => Value(change.After)));
        yield return Events(diff.Events);
    }

    private static Block Events(IReadOnlyList<StreamEntry> events) => Block.List(
        events,
        "There are no events between them.",
        ("VERSION", e => e.Version.ToString(CultureInfo.InvariantCulture)),
        ("TIME", e => Format.Time(e.OccurredAt)),
        ("EVENT", e => e.Type),
        ("ACTOR", e => Format.Text(e.Actor)),
        ("ID", e => e.Id.ToString()),
        ("CAUSED BY", e => Format.Text(e.CausationId?.ToString())),
        ("CHANGED", e => string.Join(", ", e.Changes.Select(change => change.Field))));

    private static string NameOf(string? entity, Guid id, string module) => $"{entity ?? "stream"} {id} of {module}";

    private static string Side(StreamDiffSide side) =>
        side.Version == 0 ? "nothing" : $"version {Format.Count(side.Version)} ({Format.Time(side.OccurredAt)})";

    private static string Value(JsonElement? value) => value is { } there ? Plain(there) : Format.Text(null);

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
