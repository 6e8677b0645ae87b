using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>
/// Creates the schemas of one document from the contracts that read and write JSON. In a response all properties are required, and
/// <see cref="AllowedValuesAttribute"/> lists the values of a property. In a request those properties are required that a validator
/// requires. Each type of a response has a schema to which others refer. Types nested in a request are written inline, since their rules
/// are those of that request.
/// </summary>
internal sealed class SchemaGenerator
{
    private const string Components = "#/components/schemas/";

    private static readonly string[] Suffixes = ["View", "Body"];

    private readonly SortedDictionary<string, (Type Type, JsonObject Schema)> components = new(StringComparer.Ordinal);

    /// <summary>The schemas to which others refer, by their names.</summary>
    public IEnumerable<(string Name, JsonObject Schema)> All => components.Select(entry => (entry.Key, entry.Value.Schema));

    public JsonObject Response(JsonTypeInfo json) => json.Kind switch
    {
        JsonTypeInfoKind.Object => Reference(
            json, () => Object(json, property => ResponseProperty(json, property), property => !IsAbsentWhenNull(property))),
        JsonTypeInfoKind.Enumerable => Array(Response(ElementOf(json))),
        JsonTypeInfoKind.Dictionary => new JsonObject
        {
            ["type"] = "object", ["additionalProperties"] = Response(ElementOf(json)),
        },
        _ => Scalar(json),
    };

    public JsonObject Request(JsonTypeInfo json, FieldRules rules) => Reference(json, () => RequestObject(json, rules));

    /// <summary>Adds a constraint to a schema.</summary>
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

    /// <summary>Appends a sentence to the description of a schema.</summary>
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
            JsonTypeInfoKind.Enumerable when ElementOf(json) is { Kind: JsonTypeInfoKind.Object } item =>
                Array(RequestObject(item, rules.In(property.Name))),
            JsonTypeInfoKind.Enumerable => Array(Scalar(ElementOf(json))),
            _ => Scalar(json),
        };
        Constrain(Describe(schema, XmlComments.SummaryOf(owner.Type, MemberOf(property))), rules[property.Name]);
        return isNullable && !rules[property.Name].IsRequired ? Nullable(schema) : schema;
    }

    private JsonObject ResponseProperty(JsonTypeInfo owner, JsonPropertyInfo property)
    {
        var (json, isNullable) = TypeOf(owner, property, property.IsGetNullable);
        var schema = Response(json);
        if (property.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: false)
            is [AllowedValuesAttribute allowed])
        {
            schema["enum"] = new JsonArray([.. allowed.Values.Select(word => JsonValue.Create((string)word!))]);
        }

        if (isNullable && !IsAbsentWhenNull(property))
            schema = Nullable(schema);
        return Describe(schema, XmlComments.SummaryOf(owner.Type, MemberOf(property)));
    }

    private static JsonObject Object(
        JsonTypeInfo json, Func<JsonPropertyInfo, JsonObject> schema, Func<JsonPropertyInfo, bool> isRequired)
    {
        // A property that is never written has no getter.
        var properties = json.Properties.Where(property => property.Get is not null).ToArray();
        var result = new JsonObject { ["type"] = "object" };
        Describe(result, XmlComments.SummaryOf(json.Type));
        string[] required = [.. properties.Where(isRequired).Select(property => property.Name)];
        if (required.Length > 0)
            result["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        result["properties"] = new JsonObject(
            properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)schema(property))));
        if (json.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow)
            result["additionalProperties"] = false;
        return result;
    }

    private JsonObject Reference(JsonTypeInfo json, Func<JsonObject> schema)
    {
        var name = NameOf(json.Type);
        if (!components.TryGetValue(name, out var known))
        {
            // Added first for a type that contains itself.
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
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];

    private static string MemberOf(JsonPropertyInfo property) => (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;

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
        {
            var values = Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, json));
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. values]) };
        }

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

    // CustomerView becomes Customer; PageBody<CustomerView> becomes PageOfCustomer.
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
