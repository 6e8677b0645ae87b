using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>One operation of a document.</summary>
internal sealed record ApiOperation(ApiText Document, string Path, string Method, JsonNode Node)
{
    private const string Problem = "application/problem+json";
    private const string Json = "application/json";

    public string Name => $"{Method} {Path}";

    public IReadOnlyList<JsonNode> Parameters { get; } =
        [.. Node["parameters"]?.AsArray().Select(parameter => Document.Resolve(parameter!)) ?? []];

    /// <summary>The request body, with schema and example; null where there is none.</summary>
    public JsonNode? Body => Node["requestBody"]?["content"]?[Json];

    public IReadOnlyList<int> Statuses { get; } =
        [.. Node["responses"]!.AsObject().Select(response => int.Parse(response.Key, CultureInfo.InvariantCulture))];

    /// <summary>The status of a successful response.</summary>
    public int Success => Statuses.First(status => status < 300);

    public string MediaType => Response(Success)["content"]!.AsObject().First().Key;

    public JsonNode Response(int status) => Node["responses"]![status.ToString(CultureInfo.InvariantCulture)]!;

    /// <summary>The documented problem slugs.</summary>
    public IEnumerable<string> Slugs => Statuses.Where(status => status >= 400).SelectMany(SlugsOf);

    public IEnumerable<string> SlugsOf(int status) =>
        Response(status)["content"]![Problem]!["examples"]!.AsObject().Select(example => example.Key);

    /// <summary>The first difference between a response and the document; null where there is none.</summary>
    /// <param name="answer">The response.</param>
    /// <param name="text">Its body.</param>
    public string? Fault(HttpResponseMessage answer, string text)
    {
        var status = (int)answer.StatusCode;
        if (!Statuses.Contains(status))
            return $"{status} is not documented";
        var response = Response(status);
        if (
            response["headers"]
                ?.AsObject()
                .Where(header => (bool?)header.Value!["required"] == true)
                .Select(header => header.Key)
                .FirstOrDefault(name => !Has(answer, name)) is { } missing)
            return $"{status} without the header {missing}";
        if (answer.RequestMessage?.Method == HttpMethod.Head)
            return text.Length == 0 ? null : $"{status} with a body";
        if (response["content"] is not JsonObject content)
            return text.Length == 0 ? null : $"{status} with a body";
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        if (mediaType is null || content[mediaType] is not { } described)
            return $"{status} as {mediaType ?? "nothing"}";
        if (mediaType is not (Json or Problem))
            return null;
        using var json = JsonDocument.Parse(text);
        return Document.Fault(described["schema"]!, json.RootElement) is { } fault ? $"{status}: {fault}" : null;
    }

    private static bool Has(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.Contains(name) || answer.Content.Headers.NonValidated.Contains(name);
}
