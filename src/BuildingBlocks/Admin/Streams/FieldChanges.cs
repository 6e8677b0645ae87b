using System.Text.Json;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>
/// Compares two states by their JSON. Objects are compared field by field; lists element by element where they are of one length, else as a whole. A field that is null and one that is not there are the same.
/// </summary>
internal static class FieldChanges
{
    // They say of every event what its envelope says already.
    private static readonly string[] OfTheEnvelope = ["version", "changedAt"];

    public static IReadOnlyList<FieldChange> Between(JsonElement? before, JsonElement? after)
    {
        var changes = new List<FieldChange>();
        foreach (var name in NamesOf(before, after).Except(OfTheEnvelope))
            Compare(name, Field(before, name), Field(after, name), changes);
        return changes;
    }

    private static void Compare(string path, JsonElement? before, JsonElement? after, List<FieldChange> changes)
    {
        if (IsObjectOrNothing(before) && IsObjectOrNothing(after))
        {
            foreach (var name in NamesOf(before, after))
                Compare($"{path}.{name}", Field(before, name), Field(after, name), changes);
        }
        else if (before is { ValueKind: JsonValueKind.Array } old && after is { ValueKind: JsonValueKind.Array } now && old.GetArrayLength() == now.GetArrayLength())
        {
            for (var i = 0; i < old.GetArrayLength(); i++)
                Compare($"{path}[{i}]", Value(old[i]), Value(now[i]), changes);
        }
        else if (before is not { } one || after is not { } other || !JsonElement.DeepEquals(one, other))
        {
            changes.Add(new FieldChange(path, before, after));
        }
    }

    private static bool IsObjectOrNothing(JsonElement? value) => value is null or { ValueKind: JsonValueKind.Object };

    private static IEnumerable<string> NamesOf(JsonElement? before, JsonElement? after) => NamesOf(after).Union(NamesOf(before));

    private static IEnumerable<string> NamesOf(JsonElement? value) => value is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject().Select(property => property.Name) : [];

    private static JsonElement? Field(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var field) ? Value(field) : null;

    private static JsonElement? Value(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value;
}
