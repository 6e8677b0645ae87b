using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Monolith.System.Tests;

/// <summary>A request that must be refused, with the expected problem.</summary>
internal sealed class InvalidInput(HttpMethod method, string path, int status, string problem)
{
    public string Name => $"{method} {path} {Body?[..Math.Min(Body.Length, 80)]}";

    public int Status => status;

    public string Problem => problem;

    /// <summary>The body, as it is sent; null for none.</summary>
    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>A header of the request.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>The JSON path of the field that the problem must name; null if no single field is invalid.</summary>
    public string? Field { get; init; }

    public static InvalidInput Post(string path, object body, string field) =>
        new(HttpMethod.Post, path, 400, "invalid-request") { Body = JsonSerializer.Serialize(body), Field = field };

    public static InvalidInput Patch(string path, object body, string field) =>
        new(HttpMethod.Patch, path, 400, "invalid-request") { Body = JsonSerializer.Serialize(body), Field = field };

    public static InvalidInput Raw(string path, string body, int status, string problem) =>
        new(HttpMethod.Post, path, status, problem) { Body = body };

    public static InvalidInput Get(string path, int status, string problem, string? field = null) =>
        new(HttpMethod.Get, path, status, problem) { Field = field };

    /// <summary>Sends the request; null if it is refused as expected, otherwise the difference.</summary>
    public async Task<string?> SendAsync(HttpClient host)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.RelativeOrAbsolute));
        if (Body is not null)
        {
            request.Content = new StringContent(Body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        if (Header is { } header)
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        using var answer = await host.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode != status)
            return $"{Name}: {(int)answer.StatusCode} instead of {status}: {text}";
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{Name}: no problem document but {answer.Content.Headers.ContentType}";
        using var json = JsonDocument.Parse(text);
        return Fault(json.RootElement) is { } fault ? $"{Name}: {fault}: {text}" : null;
    }

    private string? Fault(JsonElement document)
    {
        string[] members = ["type", "title", "status", "detail", "instance", "traceId"];
        if (members.FirstOrDefault(member => !document.TryGetProperty(member, out _)) is { } missing)
            return $"the problem lacks {missing}";
        if (document.GetProperty("type").GetString() != $"urn:problem:{problem}")
            return $"should be urn:problem:{problem}";
        if (document.GetProperty("status").GetInt32() != status)
            return "status differs";
        return Field is null || (document.TryGetProperty("errors", out var errors) && errors.TryGetProperty(Field, out _))
            ? null
            : $"should blame {Field}";
    }
}
