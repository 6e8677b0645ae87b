using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

/// <summary>Encodings, headers, parameters and hosts of raw requests.</summary>
[Trait("Category", "Module")]
public sealed class RequestEdgeTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    private const int MebiByte = 1024 * 1024;

    private Uri Address => Http.BaseAddress!;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    [InlineData("gzip,br")]
    public async Task Encoded_body_is_read(string codings)
    {
        using var answer = await PostAsync(Encode(Encoding.UTF8.GetBytes(Body()), codings), codings);

        ((int)answer.StatusCode).ShouldBe(201, await answer.Content.ReadAsStringAsync());
        (await Events()).ShouldBe(1);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, zstd")]
    public async Task Unknown_encoding_is_a_problem_that_lists_the_known(string coding)
    {
        using var answer = await PostAsync(Encoding.UTF8.GetBytes(Body()), coding);

        ((int)answer.StatusCode).ShouldBe(415);
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("urn:problem:unsupported-content-encoding");
        JsonNode.Parse(text)!["errors"]!["Content-Encoding"].ShouldNotBeNull();
        answer.Headers.GetValues("Accept-Encoding").ShouldBe(["gzip, br, deflate"]);
        (await Events()).ShouldBe(0);
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("br", false)]
    [InlineData("deflate", false)]
    [InlineData("gzip", true)]
    [InlineData("br", true)]
    [InlineData("deflate", true)]
    public async Task Body_that_contradicts_its_encoding_is_a_problem(string coding, bool isCut)
    {
        var plain = Encoding.UTF8.GetBytes(Body());
        using var answer = await PostAsync(isCut ? Encode(plain, coding)[..^1] : plain, coding);

        ((int)answer.StatusCode).ShouldBe(400);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        ((string?)problem["type"]).ShouldBe("urn:problem:invalid-request");
        problem["errors"]!["Content-Encoding"].ShouldNotBeNull();
        (await Events()).ShouldBe(0);
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("br", false)]
    [InlineData("deflate", false)]
    [InlineData("gzip", true)]
    public async Task Body_too_large_when_decoded_is_a_problem(string coding, bool hasKey)
    {
        var body = Encode(Encoding.UTF8.GetBytes(Body(firstName: new string('x', 50 * MebiByte))), coding);
        body.Length.ShouldBeLessThan(MebiByte);
        using var answer = await PostAsync(body, coding, hasKey ? "k" : null);

        ((int)answer.StatusCode).ShouldBe(413);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:problem:body-too-large");
    }

    [Fact]
    public async Task Key_identifies_the_decoded_body()
    {
        var plain = Encoding.UTF8.GetBytes(Body());
        using var first = await PostAsync(plain, null, "k");
        using var second = await PostAsync(Encode(plain, "gzip"), "gzip", "k");
        using var third = await PostAsync(Encode(Encoding.UTF8.GetBytes(Body("grace")), "gzip"), "gzip", "k");

        ((int)first.StatusCode, (int)second.StatusCode, (int)third.StatusCode).ShouldBe((201, 201, 422));
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
    }

    [Fact]
    public async Task Route_without_a_body_ignores_the_encoding()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path) { Content = new StringContent("nothing") };
        request.Content.Headers.ContentEncoding.Add("zstd");
        using var answer = await Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(200);
    }

    [Theory]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=UTF8")]
    [InlineData("application/json;charset=\"utf8\"")]
    public async Task Charset_utf8_without_hyphen_is_accepted(string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body()));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await Http.PostAsync(Path, content);

        ((int)answer.StatusCode).ShouldBe(201);
    }

    [Theory]
    [InlineData("J\u00fcrgen", "Jürgen")]
    [InlineData("J\u00c3\u00bcrgen", "Jürgen")]
    [InlineData("\u00f0\u009f\u0098\u0080", "😀")]
    public async Task Actor_is_read_as_UTF8_or_Latin1(string bytes, string actor)
    {
        var answer = await RawHttp.AnswerAsync(Address, Post(Path, Body(), $"X-Actor: {bytes}"));

        answer.Status.ShouldBe(201, answer.Body);
        (await Postgres.ScalarAsync<string>("select actor from customers.events")).ShouldBe(actor);
    }

    [Theory]
    [InlineData("X-Actor", "\u0085", "invalid-request")]
    [InlineData("Idempotency-Key", "k\u00fc", "invalid-request")]
    [InlineData("Idempotency-Key", "k\u00c3\u00bc", "invalid-request")]
    [InlineData("Consistency-Token", "\u00fc", "invalid-request")]
    [InlineData("If-Match", "\"\u00fc\"", "invalid-if-match")]
    public async Task Refused_header_is_named_regardless_of_its_bytes(string header, string value, string slug)
    {
        var (path, body) = header == "If-Match" ? ($"{await Registered()}/deactivate", """{"reason":"r"}""") : (Path, Body());
        var answer = await RawHttp.AnswerAsync(Address, Post(path, body, $"{header}: {value}"));

        answer.Status.ShouldBe(400, answer.Head);
        answer.Head.ShouldContain("Content-Type: application/problem+json");
        answer.Body.ShouldContain($"urn:problem:{slug}");
        answer.Body.ShouldContain($"\"{header}\":[");
    }

    [Fact]
    public async Task Refused_timeout_is_named_regardless_of_its_bytes()
    {
        var token = (await Http.PostJson(Path, Body())).Response.Headers.GetValues("Consistency-Token").Single();
        var headers = $"Consistency-Token: {token}\r\nConsistency-Timeout: 1\u00b2";
        var answer = await RawHttp.AnswerAsync(Address, Post(Path, Body("grace"), headers));

        answer.Status.ShouldBe(400, answer.Head);
        answer.Body.ShouldContain("\"Consistency-Timeout\":[");
    }

    // The server refuses it before there is a request.
    [Fact]
    public async Task Header_with_a_NUL_is_refused_by_the_server()
    {
        var answer = await RawHttp.AnswerAsync(Address, Post(Path, Body(), "X-Actor: a\0b"));

        (answer.Status, answer.Body).ShouldBe((400, ""));
        (await Events()).ShouldBe(0);
    }

    [Theory]
    [InlineData("User-Agent")]
    [InlineData("Referer")]
    [InlineData("Cookie")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    [InlineData("baggage")]
    [InlineData("Accept-Language")]
    [InlineData("X-Unknown")]
    public async Task Unread_header_may_have_any_bytes(string header)
    {
        var answer = await RawHttp.AnswerAsync(Address, Post(Path, Body(), $"{header}: \u00fc\u00ff\u0085=\u00e9"));

        answer.Status.ShouldBe(201, answer.Head);
    }

    [Theory]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("username=a&username=a", "username")]
    [InlineData("limit=1&LIMIT=2", "limit")]
    [InlineData("unknown=1&unknown=2", "unknown")]
    public async Task Repeated_parameter_is_a_problem_that_names_it(string query, string name)
    {
        foreach (var path in new[] { Path, "/admin/api/events", "/admin/api/logs", "/openapi/admin.json" })
        {
            var answer = await Http.GetJson($"{path}?{query}");

            (answer.Status, answer.Slug).ShouldBe((400, "invalid-request"), path);
            answer.Json["errors"]!.AsObject().ShouldHaveSingleItem().Key.ShouldBe(name);
        }
    }

    [Fact]
    public async Task Repeated_parameter_of_a_command_changes_nothing()
    {
        (await Http.PostJson($"{Path}?a=1&a=2", Body())).Status.ShouldBe(400);
        (await Events()).ShouldBe(0);
        (await Http.PostJson($"{Path}?a=1&b=2", Body())).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Cursor_is_read_in_upper_and_lower_case()
    {
        foreach (var name in new[] { "ada", "bob", "eve" })
            await Registered(name);
        var second = (await Http.GetJson($"{Path}?limit=1")).Json["next"]!.ToString();

        var answer = await Http.GetJson(second.Replace("after=", "AFTER=", StringComparison.Ordinal));

        (await Http.GetJson(answer.Json["next"]!.ToString())).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("GET {0} HTTP/1.1\r\nHost: evil.example\r\n", 403)]
    [InlineData("GET {0} HTTP/1.1\r\nHost: 10.0.0.1:5080\r\n", 403)]
    [InlineData("HEAD {0} HTTP/1.1\r\nHost: evil.example\r\n", 403)]
    [InlineData("GET {0} HTTP/1.1\r\nHost: LOCALHOST.:1\r\n", 200)]
    [InlineData("GET {0} HTTP/1.1\r\nHost: [::1]:1\r\n", 200)]
    [InlineData("GET {0} HTTP/1.0\r\n", 403)]
    [InlineData("GET {0} HTTP/1.0\r\nHost: localhost\r\n", 200)]
    [InlineData("GET http://evil.example{0} HTTP/1.1\r\nHost: evil.example\r\n", 403)]
    [InlineData("GET http://localhost{0} HTTP/1.1\r\nHost: localhost\r\n", 200)]
    [InlineData("GET {0} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\n", 200)]
    [InlineData("GET {0} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n", 403)]
    [InlineData("GET {0} HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n", 403)]
    [InlineData("GET {0} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n", 200)]
    public async Task Unconfigured_host_or_origin_is_refused(string request, int status)
    {
        var answer = await RawHttp.AnswerAsync(Address, string.Format(null, request, Path) + "Connection: close\r\n\r\n");

        answer.Status.ShouldBe(status, answer.Head);
        if (status == 403)
            answer.Head.ShouldContain("Content-Type: application/problem+json");
    }

    [Theory]
    [InlineData("Host", "evil.example", "host-not-allowed")]
    [InlineData("Origin", "https://evil.example", "origin-not-allowed")]
    public async Task Refusal_names_the_header(string header, string value, string slug)
    {
        foreach (var path in new[] { Path, "/", "/api/v1/nothing" })
        {
            var answer = await Http.GetJson(path, header, value);

            (answer.Status, answer.Slug).ShouldBe((403, slug), path);
            answer.Json["errors"]![header].ShouldNotBeNull();
        }

        (await Http.PostJson(Path, Body(), header, value)).Slug.ShouldBe(slug);
        (await Events()).ShouldBe(0);
    }

    // The host of an absolute target and the Host header must agree.
    [Fact]
    public async Task Request_target_other_than_the_host_is_refused()
    {
        var request = $"GET http://evil.example{Path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        var answer = await RawHttp.AnswerAsync(Address, request);

        answer.Status.ShouldBe(400);
        answer.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_response_forbids_caching_sniffing_and_referrers()
    {
        var customer = await Registered();
        foreach (var path in new[] { Path, customer, "/admin/api/logs", "/admin/api/events", $"{Path}?limit=0", "/nothing" })
        {
            var answer = await Http.GetJson(path);

            answer.Response.Headers.CacheControl!.ToString().ShouldBe("no-store", path);
            answer.Response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], path);
            answer.Response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"], path);
        }
    }

    [Fact]
    public async Task Version_that_the_client_has_is_not_sent()
    {
        var customer = await Registered();

        var answer = await Http.GetJson(customer, "If-None-Match", "\"1\"");

        (answer.Status, answer.Text, answer.ETag).ShouldBe((304, "", "\"1\""));
        answer.Response.Headers.CacheControl!.ToString().ShouldBe("no-store");
    }

    private static string Post(string path, string body, string header) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? coding, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (coding is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await Http.SendAsync(request);
    }

    private static byte[] Encode(byte[] body, string codings) =>
        EncodedBody.Of(body, codings.Split(',').Where(coding => coding != "identity"));
}
