using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>Generates values that are valid for a schema.</summary>
/// <param name="document">The document of its references.</param>
/// <param name="random">The source of randomness.</param>
/// <param name="ids">Ids of existing resources.</param>
internal sealed class ValidValues(ApiText document, Random random, IReadOnlyList<string> ids)
{
    private const int LongestText = 40;
    private const int MaxItems = 3;
    private const int MaxOfNumber = 1000;

    // Texts with a format; the pattern of a schema selects among them.
    private static readonly string[] Texts =
        ["EUR", "\"1\"", "\"2\"", "*", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "person@example.org", "Ünï.cödé-1"];

    private static readonly string[] Times = ["2026-01-31T09:30:00Z", "2026-01-31T09:30:00.123456Z", "2031-12-01T00:00:00Z"];

    /// <summary>A value for a schema.</summary>
    public JsonNode? Of(JsonNode schema)
    {
        var resolved = document.Resolve(schema).AsObject();
        if (resolved["enum"] is JsonArray words)
            return Pick(words.ToArray())?.DeepClone();
        if (resolved["anyOf"] is JsonArray choices)
        {
            var choice = resolved.DeepClone().AsObject();
            choice.Remove("anyOf");
            choice["format"] = Pick(choices.ToArray())!["format"]!.DeepClone();
            resolved = choice;
        }

        return TypeOf(resolved) switch
        {
            "object" => Object(resolved),
            "array" =>
                new JsonArray(
                    [
                        .. Enumerable.Range(0, Math.Max((int?)resolved["minItems"] ?? 0, random.Next(MaxItems + 1)))
                        .Select(_ => Of(resolved["items"]!))
                    ]),
            "integer" => JsonValue.Create(Whole(resolved)),
            "number" => JsonValue.Create(Math.Round((decimal)random.NextDouble() * MaxOfNumber, 2)),
            "boolean" => JsonValue.Create(random.Next(2) == 0),
            _ => JsonValue.Create(Text(resolved)),
        };
    }

    /// <summary>A value for a parameter, as text.</summary>
    public string TextOf(JsonNode schema) => Of(schema) is JsonValue value ? value.ToString() : "";

    public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private static string? TypeOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => types.Select(type => (string)type!).First(type => type != "null"),
        { } type => (string)type!,
        null => null,
    };

    private JsonObject Object(JsonObject schema)
    {
        var required = schema["required"]?.AsArray().Select(name => (string)name!).ToHashSet() ?? [];
        var members = schema["properties"]!.AsObject().Where(property => required.Contains(property.Key) || random.Next(2) == 0);
        return new JsonObject(members.Select(property => KeyValuePair.Create(property.Key, Of(property.Value!))));
    }

    private long Whole(JsonObject schema)
    {
        var least = (long?)schema["minimum"] ?? 0;
        return random.NextInt64(least, Math.Min((long?)schema["maximum"] ?? MaxOfNumber, least + MaxOfNumber) + 1);
    }

    private string Text(JsonObject schema)
    {
        switch ((string?)schema["format"])
        {
            case "uuid":
                return ids.Count > 0 && random.Next(3) > 0 ? Pick(ids) : Guid.NewGuid().ToString();
            case "date-time":
                return Pick(Times);
            case "date":
                return string.Create(CultureInfo.InvariantCulture, $"2026-0{random.Next(1, 10)}-1{random.Next(10)}");
            case "idn-email":
                return $"{Letters(1, 20)}@{Letters(1, 20)}.org";
        }

        var (least, most) = ((int?)schema["minLength"] ?? 1, (int?)schema["maxLength"] ?? LongestText);
        // Mostly short texts, and some of the greatest length.
        var letters = random.Next(10) == 0 ? Letters(most, most) : Letters(least, Math.Min(most, Math.Max(least, LongestText)));
        if ((string?)schema["pattern"] is not { } pattern)
            return letters;
        var fitting = Texts.Append(letters)
            .Append(letters)
            .Append(letters)
            .Where(
                text => Regex.IsMatch(text, pattern) && text.Length >= least && text.Length <= ((int?)schema["maxLength"] ?? int.MaxValue))
            .ToArray();
        return Pick(fitting);
    }

    private string Letters(int least, int most) => string.Create(random.Next(least, most + 1), random, (text, chance) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = (char)('a' + chance.Next(26));
    });
}
