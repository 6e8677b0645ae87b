using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Monolith.Testing.Golden;

/// <summary>The published contract of a record as text: names, types and nullability.</summary>
public static class PublishedShape
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(Guid)] = "uuid",
        [typeof(string)] = "text",
        [typeof(bool)] = "boolean",
        [typeof(int)] = "whole number (32 bits)",
        [typeof(long)] = "whole number (64 bits)",
        [typeof(decimal)] = "decimal",
        [typeof(DateTimeOffset)] = "time",
        [typeof(DateOnly)] = "date",
    };

    /// <summary>The shape of a record.</summary>
    /// <param name="json">Its serialization.</param>
    public static string Of(JsonTypeInfo json)
    {
        var text = new StringBuilder();
        AddProperties(json, "", text);
        return text.ToString();
    }

    private static void AddProperties(JsonTypeInfo json, string path, StringBuilder text)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in json.Properties)
        {
            var declared =
                json.Type.GetProperties().Single(candidate => JsonNamingPolicy.CamelCase.ConvertName(candidate.Name) == property.Name);
            AddValue(json.Options, declared.PropertyType, nullability.Create(declared), path + property.Name, text);
        }
    }

    private static void AddValue(JsonSerializerOptions options, Type type, NullabilityInfo nullability, string path, StringBuilder text)
    {
        var json = options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        var mayBeNull = nullability.ReadState == NullabilityState.Nullable ? ", or null" : "";
        text.Append(path).Append(": ").Append(WordFor(json)).Append(mayBeNull).Append('\n');
        if (json.Kind == JsonTypeInfoKind.Object)
            AddProperties(json, path + ".", text);
        else if (json.Kind == JsonTypeInfoKind.Enumerable)
            AddValue(
                options,
                json.ElementType!,
                nullability.GenericTypeArguments.FirstOrDefault() ?? nullability.ElementType!,
                path + "[]",
                text);
    }

    private static string WordFor(JsonTypeInfo json) => json.Kind switch
    {
        JsonTypeInfoKind.Object => "object",
        JsonTypeInfoKind.Enumerable => "list",
        _ when json.Type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(json.Type))}",
        _ => Words.GetValueOrDefault(json.Type, json.Type.Name),
    };
}
