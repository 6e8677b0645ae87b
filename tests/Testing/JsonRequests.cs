using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Monolith.Testing;

/// <summary>Requests with literal JSON.</summary>
public static class JsonRequests
{
    /// <summary>Sends a request; the headers as <c>name, value, name, value</c>.</summary>
    public static async Task<JsonAnswer> SendJson(
        this HttpClient client, HttpMethod method, string path, string? body = null, params string[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        for (var i = 0; i < headers.Length; i += 2)
            request.Headers.TryAddWithoutValidation(headers[i], headers[i + 1]);
        return await JsonAnswer.Of(await client.SendAsync(request));
    }

    public static Task<JsonAnswer> PostJson(this HttpClient client, string path, string body, params string[] headers) =>
        client.SendJson(HttpMethod.Post, path, body, headers);

    public static Task<JsonAnswer> PatchJson(this HttpClient client, string path, string body, params string[] headers) =>
        client.SendJson(HttpMethod.Patch, path, body, headers);

    public static Task<JsonAnswer> GetJson(this HttpClient client, string path, params string[] headers) =>
        client.SendJson(HttpMethod.Get, path, null, headers);
}

/// <summary>A response with its complete body.</summary>
public sealed record JsonAnswer(int Status, string? ETag, string? Location, string? ContentType, HttpResponseMessage Response, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? Slug => (string?)Json["type"] is { } type ? type["urn:problem:".Length..] : null;

    internal static async Task<JsonAnswer> Of(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Headers.ETag?.ToString(),
        response.Headers.Location?.OriginalString,
        response.Content.Headers.ContentType?.ToString(),
        response,
        await response.Content.ReadAsStringAsync());
}
