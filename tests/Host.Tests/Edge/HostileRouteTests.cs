using System.Text;
using System.Text.Json.Nodes;
using Monolith.Host.Tests.OpenApi;

namespace Monolith.Host.Tests.Edge;

/// <summary>Rules for requests on every route: pages, health, metrics, documents and both APIs.</summary>
[Trait("Category", "System")]
public sealed class HostileRouteTests(OpenHost host)
{
    private const string Json = "application/json";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];

    private static readonly string[] Codings = ["gzip", "br", "deflate", "zstd", "gzip, br", "identity", ""];

    private static readonly string[] TextHeaders =
    [
        "X-Actor", "Idempotency-Key", "If-Match", "If-None-Match", "If-Range", "Range", "Consistency-Token", "Consistency-Timeout",
        "Last-Event-ID", "traceparent", "tracestate", "baggage", "Accept", "Cookie", "User-Agent",
    ];

    [Fact]
    public Task Repeated_parameter_is_refused_on_every_route() => EveryRouteAsync(
        route =>
        {
            var twice = new Uri($"{PathOf(route)}?twice=1&TWICE=2", UriKind.Relative);
            return RefusedAsync(route, 400, "invalid-request", "twice", request => request.RequestUri = twice);
        });

    [Theory]
    [InlineData("evil.example", "host-not-allowed")]
    [InlineData("10.0.0.1:5080", "host-not-allowed")]
    [InlineData("localhost.evil.example", "host-not-allowed")]
    public Task Foreign_host_is_refused_on_every_route(string name, string slug) => EveryRouteAsync(
        route => RefusedAsync(route, 403, IsAdmin(route.Path) ? "not-local" : slug, "Host", request => request.Headers.Host = name));

    [Theory]
    [InlineData("https://evil.example", "origin-not-allowed")]
    [InlineData("null", "origin-not-allowed")]
    public Task Foreign_origin_is_refused_on_every_route(string origin, string slug) => EveryRouteAsync(
        route =>
        {
            var expected = IsAdmin(route.Path) ? "not-local" : slug;
            return RefusedAsync(route, 403, expected, "Origin", request => request.Headers.TryAddWithoutValidation("Origin", origin));
        });

    [Fact]
    public Task Header_bytes_never_cause_a_server_error() => EveryRouteAsync(async route =>
    {
        foreach (var header in TextHeaders)
        {
            foreach (var (value, isLatin1) in new[] { ("J\u00fcrgen \u00ff\u0085", true), ("J\u00fcrgen 😀", false) })
            {
                using var request = RequestOf(route.Method, route.Path);
                request.Options.Set(OpenHost.Latin1Headers, isLatin1);
                request.Headers.TryAddWithoutValidation(header, value);
                await AnsweredAsync(request, $"{header}: {value}");
            }
        }
    });

    [Fact]
    public Task Content_encoding_never_causes_a_server_error() => EveryRouteAsync(async route =>
    {
        if (route.Method is "GET")
            return;
        foreach (var coding in Codings)
        {
            using var request = RequestOf(route.Method, route.Path);
            request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", coding);
            await AnsweredAsync(request, $"Content-Encoding: {coding}");
        }
    });

    [Fact]
    public Task Method_never_causes_a_server_error() => EveryRouteAsync(async route =>
    {
        foreach (var method in Methods)
        {
            using var request = RequestOf(method, route.Path);
            await AnsweredAsync(request, method);
        }
    });

    private static string PathOf((string Method, string Path) route) => route.Path.Split('?')[0];

    private static bool IsAdmin(string path) => path.StartsWith("/admin/", StringComparison.Ordinal) || path == "/openapi/admin.json";

    private static HttpRequestMessage RequestOf(string method, string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is not ("GET" or "HEAD" or "TRACE"))
            request.Content = new StringContent("{}", Encoding.UTF8, Json);
        return request;
    }

    private async Task EveryRouteAsync(Func<(string Method, string Path), Task> test)
    {
        await host.RunningAsync();
        var id = Guid.NewGuid();
        var routes = host.All().Select(route => (route.Method, Path: MappedRoutes.PathOf(route.Pattern, id))).Distinct().ToArray();
        routes.Length.ShouldBeGreaterThan(50);
        foreach (var route in routes)
            await test(route);
    }

    private async Task RefusedAsync(
        (string Method, string Path) route, int status, string slug, string named, Action<HttpRequestMessage> change)
    {
        foreach (var method in route.Method == "GET" ? ["GET", "HEAD"] : new[] { route.Method })
        {
            using var request = RequestOf(method, route.Path);
            change(request);
            var (answered, text) = await AnsweredAsync(request, named);
            answered.ShouldBe(status, $"{method} {route.Path} {text}");
            if (method == "HEAD")
                continue;
            var problem = JsonNode.Parse(text)!;
            ((string?)problem["type"]).ShouldBe($"urn:problem:{slug}", $"{method} {route.Path}");
            problem["errors"]!.AsObject().Select(error => error.Key).ShouldHaveSingleItem().ShouldBe(named, $"{method} {route.Path}");
        }
    }

    /// <summary>Asserts that the response is not a server error, and that a refusal is a problem document.</summary>
    private async Task<(int Status, string Text)> AnsweredAsync(HttpRequestMessage request, string what)
    {
        using var answer = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var described = $"{request.Method} {request.RequestUri} {what}";
        var status = (int)answer.StatusCode;
        status.ShouldBeLessThan(500, described);
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        if (status >= 400)
            mediaType.ShouldBe("application/problem+json", described);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], described);
        var text = mediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();
        if (request.Method == HttpMethod.Head)
            text.ShouldBeEmpty(described);
        return (status, text);
    }
}
