using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>
/// The schemas of one document, made from the same contracts that read and write JSON. In an answer every property is there, and one of which few words are known has them by <see cref="AllowedValuesAttribute"/>; in a request those are required that a validator asks for. Types of answers have a
/// schema each, which others refer to; what lies in a request is written where it stands, since its rules are those of that request.
/// </summary>
internal sealed class SchemaGenerator
{
    private const string Components = "#/components/schemas/";

    private static readonly string[] Suffixes = ["View", "Body"];

    private readonly SortedDictionary<string, (Type Type, JsonObject Schema)> components = new(StringComparer.Ordinal);

    /// <summary>The schemas that others refer to, by their names.</summary>
    public IEnumerable<(string Name, JsonObject Schema)> All => components.Select(entry => (entry.Key, entry.Value.Schema));

    /// <summary>The schema of an answer.</summary>
    public JsonObject Answer(JsonTypeInfo json) => json.Kind switch
    {
        JsonTypeInfoKind.Object => Reference(json, () => Object(json, property => AnswerProperty(json, property), property => !IsAbsentWhenNull(property))),
        JsonTypeInfoKind.Enumerable => Array(Answer(ElementOf(json))),
        JsonTypeInfoKind.Dictionary => new JsonObject { ["type"] = "object", ["additionalProperties"] = Answer(ElementOf(json)) },
        _ => Scalar(json),
    };

    /// <summary>The schema of a request.</summary>
    /// <param name="json">How it is read.</param>
    /// <param name="rules">What its fields must be.</param>
    public JsonObject Request(JsonTypeInfo json, FieldRules rules) => Reference(json, () => RequestObject(json, rules));

    /// <summary>Adds what a constraint asks to a schema.</summary>
    public static JsonObject Constrain(JsonObject schema, FieldConstraint constraint)
    {
        Set(schema, "format", constraint.Format);
        Set(schema, "minLength", constraint.MinLength);
        Set(schema, "maxLength", constraint.MaxLength);
        Set(schema, "pattern", constraint.Pattern);
        Set(schema, "minimum", constraint.Minimum);
        Set(schema, "maximum", constraint.Maximum);
        Set(schema, "exclusiveMaximum", constraint.ExclusiveMaximum);
        Set(schema, "minItems", constraint.MinItems);
        Set(schema, "maxItems", constraint.MaxItems);
        if (constraint.Words is { } words)
            schema["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        Describe(schema, constraint.Note);
        return schema;
    }

    /// <summary>Adds a sentence to what a schema says of itself.</summary>
    public static JsonObject Describe(JsonObject schema, string? text)
    {
        if (text is not null)
            schema["description"] = (string?)schema["description"] is { } before ? $"{before} {text}" : text;
        return schema;
    }

    private JsonObject RequestObject(JsonTypeInfo json, FieldRules rules) =>
        Object(json, property => RequestProperty(json, property, rules), property => rules[property.Name].IsRequired);

    private JsonObject RequestProperty(JsonTypeInfo owner, JsonPropertyInfo property, FieldRules rules)
    {
        var (json, isNullable) = TypeOf(owner, property, property.IsSetNullable);
        var schema = json.Kind switch
        {
            JsonTypeInfoKind.Object => RequestObject(json, rules.In(property.Name)),
            JsonTypeInfoKind.Enumerable when ElementOf(json) is { Kind: JsonTypeInfoKind.Object } item => Array(RequestObject(item, rules.In(property.Name))),
            JsonTypeInfoKind.Enumerable => Array(Scalar(ElementOf(json))),
            _ => Scalar(json),
        };
        Constrain(Describe(schema, XmlComments.SummaryOf(owner.Type, MemberOf(property))), rules[property.Name]);
        return isNullable && !rules[property.Name].IsRequired ? Nullable(schema) : schema;
    }

    private JsonObject AnswerProperty(JsonTypeInfo owner, JsonPropertyInfo property)
    {
        var (json, isNullable) = TypeOf(owner, property, property.IsGetNullable);
        var schema = Answer(json);
        if (property.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: false) is [AllowedValuesAttribute words])
            schema["enum"] = new JsonArray([.. words.Values.Select(word => JsonValue.Create((string)word!))]);
        return Describe(isNullable && !IsAbsentWhenNull(property) ? Nullable(schema) : schema, XmlComments.SummaryOf(owner.Type, MemberOf(property)));
    }

    private static JsonObject Object(JsonTypeInfo json, Func<JsonPropertyInfo, JsonObject> schema, Func<JsonPropertyInfo, bool> isRequired)
    {
        // What is never written has no getter.
        var properties = json.Properties.Where(property => property.Get is not null).ToArray();
        var result = new JsonObject { ["type"] = "object" };
        Describe(result, XmlComments.SummaryOf(json.Type));
        string[] required = [.. properties.Where(isRequired).Select(property => property.Name)];
        if (required.Length > 0)
            result["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        result["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)schema(property))));
        if (json.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow)
            result["additionalProperties"] = false;
        return result;
    }

    private JsonObject Reference(JsonTypeInfo json, Func<JsonObject> schema)
    {
        var name = NameOf(json.Type);
        if (!components.TryGetValue(name, out var known))
        {
            // A type that contains itself finds its name here.
            components[name] = (json.Type, []);
            components[name] = (json.Type, schema());
        }
        else if (known.Type != json.Type)
        {
            throw new InvalidOperationException($"{json.Type} and {known.Type} would both be the schema {name}: rename one of them.");
        }

        return new JsonObject { ["$ref"] = Components + name };
    }

    private static (JsonTypeInfo Json, bool IsNullable) TypeOf(JsonTypeInfo owner, JsonPropertyInfo property, bool isNullable) =>
        System.Nullable.GetUnderlyingType(property.PropertyType) is { } value
            ? (owner.Options.GetTypeInfo(value), true)
            : (owner.Options.GetTypeInfo(property.PropertyType), isNullable && !property.PropertyType.IsValueType);

    private static JsonTypeInfo ElementOf(JsonTypeInfo json) => json.Options.GetTypeInfo(json.ElementType!);

    private static bool IsAbsentWhenNull(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];

    private static string MemberOf(JsonPropertyInfo property) => (property.AttributeProvider as System.Reflection.MemberInfo)?.Name ?? property.Name;

    private static JsonObject Array(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Nullable(JsonObject schema)
    {
        if (schema["$ref"] is not null)
            return new JsonObject { ["oneOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        if (schema["enum"] is JsonArray words)
            words.Add((JsonNode?)null);
        if ((string?)schema["type"] is { } type)
            schema["type"] = new JsonArray(type, "null");
        return schema;
    }

    private static JsonObject Scalar(JsonTypeInfo json)
    {
        var type = json.Type;
        if (type.IsEnum)
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, json))]) };
        if (type == typeof(JsonElement))
            return [];
        var (name, format) = 0 switch
        {
            _ when type == typeof(string) => ("string", null),
            _ when type == typeof(bool) => ("boolean", null),
            _ when type == typeof(int) => ("integer", "int32"),
            _ when type == typeof(long) => ("integer", "int64"),
            _ when type == typeof(double) => ("number", "double"),
            _ when type == typeof(decimal) => ("number", null),
            _ when type == typeof(Guid) => ("string", "uuid"),
            _ when type == typeof(DateTimeOffset) => ("string", "date-time"),
            _ => throw new InvalidOperationException($"There is no schema for {type}: add it here."),
        };
        var schema = new JsonObject { ["type"] = name };
        Set(schema, "format", format);
        return schema;
    }

    // CustomerView is what callers know as Customer, PageBody<CustomerView> a PageOfCustomer.
    private static string NameOf(Type type)
    {
        var name = type.Name.Split('`')[0];
        if (Suffixes.FirstOrDefault(suffix => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)) is { } ending)
            name = name[..^ending.Length];
        if (type.IsGenericType)
            name = $"{name}Of{string.Concat(type.GetGenericArguments().Select(NameOf))}";
        return type.DeclaringType is { } outer ? NameOf(outer) + name : name;
    }

    private static void Set<T>(JsonObject schema, string keyword, T? value)
    {
        if (value is not null)
            schema[keyword] = JsonValue.Create(value);
    }
}
