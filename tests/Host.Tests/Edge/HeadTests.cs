using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Monolith.Host.Tests.OpenApi;
using Monolith.Testing;

namespace Monolith.Host.Tests.Edge;

/// <summary>HEAD answers as GET does, without a body, on every route of the host.</summary>
[Trait("Category", "System")]
public sealed partial class HeadTests(OpenHost host)
{
    private static readonly string[] OfOneAnswer = ["Date", "Transfer-Encoding", "Content-Length"];
    private static readonly string[] OfChangingLength = ["/metrics", "/health/ready"];

    [Fact]
    public async Task Every_GET_route_answers_HEAD_with_the_same_headers()
    {
        await host.RunningAsync();
        var customer = await host.CustomerAsync();
        var paths = host.GetPaths(customer).ToArray();
        paths.Length.ShouldBeGreaterThan(30);
        foreach (var path in paths)
        {
            var get = await HeadersAsync(HttpMethod.Get, path);
            var head = await HeadersAsync(HttpMethod.Head, path);

            head.Status.ShouldBe(get.Status, path);
            head.Headers.ShouldBe(get.Headers, path);
            (head.Length is null).ShouldBe(get.Length is null, path);
            if (!OfChangingLength.Contains(path))
                head.Length.ShouldBe(get.Length, path);
            head.Body.ShouldBeEmpty(path);
        }
    }

    [Theory]
    [InlineData("/api/v1/customers?limit=0", 400)]
    [InlineData("/api/v1/customers/0198a8a0-0000-7000-8000-000000000001", 404)]
    [InlineData("/api/v1/nothing", 404)]
    [InlineData("/api/v1/orders/0198a8a0-0000-7000-8000-000000000001/pay", 405)]
    [InlineData("/api/v1/stream?module=none", 400)]
    [InlineData("/api/v1/stream", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/", 200)]
    public async Task HEAD_sends_no_body_on_the_connection(string path, int status)
    {
        await host.RunningAsync();
        var address = host.Client.BaseAddress!;
        var requests = string.Concat(Enumerable.Repeat($"HEAD {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n", 2))
            + $"HEAD {path} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n";

        var answers = (await RawHttp.SendAsync(address, requests)).Split("\r\n\r\n");

        answers[^1].ShouldBeEmpty();
        answers[..^1].Length.ShouldBe(3);
        foreach (var answer in answers[..^1])
        {
            answer.ShouldStartWith($"HTTP/1.1 {status} ");
            if (status >= 400)
                answer.ShouldContain("Content-Type: application/problem+json");
        }
    }

    [Fact]
    public async Task Refused_method_lists_GET_and_HEAD()
    {
        await host.RunningAsync();
        foreach (var path in host.GetPaths(Guid.NewGuid()).Select(path => path.Split('?')[0]))
        {
            using var request = new HttpRequestMessage(HttpMethod.Trace, path);
            using var answer = await host.Client.SendAsync(request);

            answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed, path);
            answer.Content.Headers.Allow.ShouldContain("GET", path);
            answer.Content.Headers.Allow.ShouldContain("HEAD", path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    [Fact]
    public async Task Metrics_count_HEAD_as_HEAD()
    {
        await host.RunningAsync();
        var counted = new TaskCompletionSource();
        // Not /metrics: hostile tests on the same host create more series than the exporter distinguishes.
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "http.server.request.duration")
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            if (values.GetValueOrDefault("http.request.method") is "HEAD" && values.GetValueOrDefault("http.route") is "/api/v1/customers/")
                counted.TrySetResult();
        });
        listener.Start();

        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/v1/customers");
        using var answer = await host.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await counted.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    // Not the typed header, which counts the bytes of the empty content.
    private static long? LengthOf(HttpResponseMessage answer) =>
        answer.Content.Headers.NonValidated.TryGetValues("Content-Length", out var length)
            ? long.Parse(length.ToString(), CultureInfo.InvariantCulture)
            : null;

    private async Task<(int Status, string[] Headers, long? Length, string Body)> HeadersAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var body = method == HttpMethod.Head ? await answer.Content.ReadAsStringAsync() : "";
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => !OfOneAnswer.Contains(header.Key))
            .Select(header => Nonce().Replace($"{header.Key}: {string.Join(", ", header.Value)}", "nonce")).Order();
        return ((int)answer.StatusCode, [.. headers], LengthOf(answer), body);
    }

    [GeneratedRegex("nonce-[^']+")]
    private static partial Regex Nonce();
}
