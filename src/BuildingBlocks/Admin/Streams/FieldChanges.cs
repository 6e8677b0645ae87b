using System.Text.Json;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>
/// Compares two states by their JSON. Objects are compared field by field; lists element by element if they have the same length, otherwise
/// as a whole. A field that is null equals one that is missing.
/// </summary>
internal static class FieldChanges
{
    // They change with every event, and the envelope contains them.
    private static readonly string[] EnvelopeFields = ["version", "changedAt"];

    public static IReadOnlyList<FieldChange> Between(JsonElement? before, JsonElement? after)
    {
        var changes = new List<FieldChange>();
        foreach (var name in NamesOf(before, after).Except(EnvelopeFields))
            Compare(name, Field(before, name), Field(after, name), changes);
        return changes;
    }

    private static void Compare(string path, JsonElement? before, JsonElement? after, List<FieldChange> changes)
    {
        if (IsObjectOrNull(before) && IsObjectOrNull(after))
        {
            foreach (var name in NamesOf(before, after))
                Compare($"{path}.{name}", Field(before, name), Field(after, name), changes);
        }
        else if (before is { ValueKind: JsonValueKind.Array } old
            && after is { ValueKind: JsonValueKind.Array } now
            && old.GetArrayLength() == now.GetArrayLength())
        {
            for (var i = 0; i < old.GetArrayLength(); i++)
                Compare($"{path}[{i}]", Value(old[i]), Value(now[i]), changes);
        }
        else if (before is not { } one || after is not { } other || !JsonElement.DeepEquals(one, other))
        {
            changes.Add(new FieldChange(path, before, after));
        }
    }

    private static bool IsObjectOrNull(JsonElement? value) => value is null or { ValueKind: JsonValueKind.Object };

    private static IEnumerable<string> NamesOf(JsonElement? before, JsonElement? after) => NamesOf(after).Union(NamesOf(before));

    private static IEnumerable<string> NamesOf(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject().Select(property => property.Name) : [];

    private static JsonElement? Field(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var field) ? Value(field) : null;

    private static JsonElement? Value(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value;
}

/// <summary>A field that differs between two states of an entity.</summary>
/// <param name="Field">Its path: <c>email</c>, <c>deliveryAddress.city</c>, <c>items[0].quantity</c>.</param>
/// <param name="Before">Its value in the earlier state; null if it had none.</param>
/// <param name="After">Its value in the later state.</param>
internal sealed record FieldChange(string Field, JsonElement? Before, JsonElement? After);
