using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Monolith.Testing;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>A committed document, read by its text alone, as a client does. Not thread-safe.</summary>
internal sealed class ApiText
{
    // Schemas are registered globally.
    private static readonly Lock Compiling = new();

    // Compiled schemas are shared, because compiling takes longer than reading.
    private static readonly ConcurrentDictionary<(string Document, string Path), JsonSchema> Schemas = [];

    private readonly JsonNode root;
    private readonly string name;

    private ApiText(string name)
    {
        this.name = name;
        root = JsonNode.Parse(Repository.Read($"docs/openapi/{name}.json"))!;
        Operations =
        [
            .. from path in root["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               select new ApiOperation(this, path.Key, operation.Key.ToUpperInvariant(), operation.Value!),
        ];
    }

    public static ApiText V1 { get; } = Read("v1");

    public static ApiText Admin { get; } = Read("admin");

    public IReadOnlyList<ApiOperation> Operations { get; }

    public ApiOperation this[string method, string path] =>
        Operations.Single(operation => operation.Method == method && operation.Path == path);

    public static ApiText Read(string name) => new(name);

    /// <summary>Resolves a node that may be a reference.</summary>
    public JsonNode Resolve(JsonNode node)
    {
        if ((string?)(node as JsonObject)?["$ref"] is not { } reference)
            return node;
        return reference.TrimStart('#', '/').Split('/').Aggregate(root, (at, part) => at[part]!);
    }

    /// <summary>The errors of a value against its schema; null where it is valid.</summary>
    public string? Fault(JsonNode schema, JsonElement value)
    {
        var result = Schemas.GetOrAdd((name, schema.GetPath()), _ => Compile(schema))
            .Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid
            ? null
            : string.Join(
                "; ",
                (result.Details ?? [])
                    .Where(detail => detail.Errors is not null)
                    .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}"));
    }

    // Outside the document its components become definitions.
    private JsonSchema Compile(JsonNode schema)
    {
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:uuid:{Guid.NewGuid()}",
            ["$defs"] = root["components"]!["schemas"]!.DeepClone(),
            ["allOf"] = new JsonArray(schema.DeepClone()),
        };
        lock (Compiling)
            return JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }
}
