using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Monolith.Testing;
using Npgsql;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>
/// Sends every operation with its documented example body, and expects a documented response. Only ids of existing resources are filled in.
/// </summary>
[Trait("Category", "System")]
public sealed class ExampleTests(OpenHost shared)
{
    private const string Projection = "orders.customers";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly HashSet<string> sent = [];
    private OpenHost host = shared;

    [Fact]
    public async Task Module_operations_answer_their_examples_as_documented()
    {
        await host.RunningAsync();

        var customer = Id(await SendAsync(ApiText.V1["POST", "/api/v1/customers"]));
        foreach (var (method, path) in new[] { ("GET", ""), ("PATCH", ""), ("POST", "/deactivate"), ("POST", "/reactivate") })
            await SendAsync(ApiText.V1[method, "/api/v1/customers/{id}" + path], ("id", customer));
        await SendAsync(ApiText.V1["GET", "/api/v1/customers"]);
        await host.CaughtUpAsync();
        var order = Id(await SendAsync(ApiText.V1["POST", "/api/v1/orders"], ("customerId", customer)));
        foreach (var (method, path) in new[] { ("GET", ""), ("POST", "/pay"), ("POST", "/ship") })
            await SendAsync(ApiText.V1[method, "/api/v1/orders/{id}" + path], ("id", order));
        var another = Id(await SendAsync(ApiText.V1["POST", "/api/v1/orders"], ("customerId", customer)));
        await SendAsync(ApiText.V1["POST", "/api/v1/orders/{id}/cancel"], ("id", another));
        await host.CaughtUpAsync();
        foreach (var operation in ApiText.V1.Operations.Where(operation => !sent.Contains(operation.Name)).ToArray())
            await SendAsync(operation, ("customerId", customer), ("q", "ada"));

        sent.Order().ShouldBe(ApiText.V1.Operations.Select(operation => operation.Name).Order());
    }

    [Fact]
    public async Task Admin_operations_answer_their_examples_as_documented()
    {
        // The event becomes a dead letter, which stops a read model that is not keyed by the stream.
        await using var apart = new OpenHost();
        host = await apart.RunningAsync();
        var registered =
            await host.Client.PostJson("/api/v1/customers", """{"username":"operated","firstName":"A","lastName":"B","email":"a@b.org"}""");
        var stream = Id(registered.Json);
        await host.CaughtUpAsync();
        const string One = "/admin/api/projections/{name}";
        Task<JsonNode?> Ask(string method, string path, int generation = 0) =>
            SendAsync(ApiText.Admin[method, path], ("name", Projection), ("n", generation));

        await Ask("POST", $"{One}/rebuild");
        await StateAsync(2, "ready");
        await Ask("POST", $"{One}/generations/{{n}}/promote", 2);
        await StateAsync(2, "live");
        await Ask("POST", $"{One}/rollback");
        await StateAsync(1, "live");
        await Ask("DELETE", $"{One}/generations/{{n}}", 2);
        await Ask("POST", $"{One}/rebuild");
        await StateAsync(3, "ready");
        await Ask("POST", $"{One}/generations/{{n}}/cancel", 3);
        var verify = Id((await Ask("POST", $"{One}/verify"))!);
        await EndedAsync(verify);
        await Ask("POST", $"{One}/pause");
        await Ask("POST", $"{One}/resume");
        await ParkAsync(stream);
        await EndedAsync(Id((await SendAsync(ApiText.Admin["POST", "/admin/api/dead-letters/requeue"], ("projection", Projection)))!));
        await EndedAsync(
            Id((await SendAsync(ApiText.Admin["POST", "/admin/api/dead-letters/discard"], ("projection", Projection), ("key", stream)))!));
        var e = Id((await host.Client.GetJson($"/admin/api/events?stream={stream}")).Json["items"]![0]!);
        await SendAsync(ApiText.Admin["GET", "/admin/api/events/{id}"], ("id", e));
        await SendAsync(ApiText.Admin["GET", "/admin/api/operations/{id}"], ("id", verify));
        await SendAsync(ApiText.Admin["GET", "/admin/api/streams/{id}"], ("id", stream), ("version", 1));
        await SendAsync(ApiText.Admin["GET", "/admin/api/streams/{id}/diff"], ("id", stream), ("from", 0), ("to", 1));
        foreach (var operation in ApiText.Admin.Operations.Where(operation => !sent.Contains(operation.Name)).ToArray())
            await SendAsync(operation, ("name", Projection));

        sent.Order().ShouldBe(ApiText.Admin.Operations.Select(operation => operation.Name).Order());
    }

    [Fact]
    public async Task Key_and_token_are_answered_as_documented()
    {
        await host.RunningAsync();
        var register = ApiText.V1["POST", "/api/v1/customers"];
        const string Body = """{"username":"once","firstName":"A","lastName":"B","email":"a@b.org"}""";

        var first = await AskAsync(register, "/api/v1/customers", Body, ("Idempotency-Key", "documented"));
        var again = await AskAsync(register, "/api/v1/customers", Body, ("Idempotency-Key", "documented"));
        var other = await AskAsync(
            register, "/api/v1/customers", Body.Replace("once", "twice", StringComparison.Ordinal), ("Idempotency-Key", "documented"));
        var badKey = await AskAsync(register, "/api/v1/customers", Body, ("Idempotency-Key", "a b"));
        var summary = ApiText.V1["GET", "/api/v1/order-summaries/{customerId}"];
        var path = $"/api/v1/order-summaries/{JsonNode.Parse(first.Text)!["id"]}";
        var seen = await AskAsync(summary, path, null, ("Consistency-Token", first.Token!));
        var badToken = await AskAsync(summary, path, null, ("Consistency-Token", "AAAA"));

        (first.Status, again.Status, again.Text).ShouldBe((201, 201, first.Text));
        (first.IsReplay, again.IsReplay).ShouldBe((false, true));
        (first.Token, again.Token).ShouldBe((first.Token.ShouldNotBeNull(), first.Token));
        (other.Status, badKey.Status, seen.Status, badToken.Status).ShouldBe((422, 400, 200, 400));
    }

    [Fact]
    public void Every_body_has_an_example_that_matches_its_schema()
    {
        ApiOperation[] taking = [.. ApiText.V1.Operations.Concat(ApiText.Admin.Operations).Where(operation => operation.Body is not null)];

        taking.Length.ShouldBeGreaterThan(8);
        foreach (var operation in taking)
        {
            var example = operation.Body!["example"].ShouldNotBeNull(operation.Name);
            using var json = JsonDocument.Parse(example.ToJsonString());
            operation.Document.Fault(operation.Body["schema"]!, json.RootElement).ShouldBeNull(operation.Name);
            using var wrong = JsonDocument.Parse("[]");
            operation.Document.Fault(operation.Body["schema"]!, wrong.RootElement).ShouldNotBeNull(operation.Name);
        }
    }

    private async Task<(int Status, string Text, bool IsReplay, string? Token)> AskAsync(
        ApiOperation operation, string path, string? body, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(operation.Method), new Uri(path, UriKind.Relative)) { Headers = { { header.Name, header.Value } } };
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await host.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        operation.Parameters.ShouldContain(parameter => (string)parameter["name"]! == header.Name);
        operation.Fault(answer, text).ShouldBeNull(text);
        return (
            (int)answer.StatusCode,
            text,
            answer.Headers.Contains("Idempotency-Replayed"),
            answer.Headers.TryGetValues("Consistency-Token", out var tokens) ? tokens.Single() : null);
    }

    private static string Id(JsonNode? answer) => (string)answer!["id"]!;

    /// <summary>Sends an operation with its documented example, and compares the response with the document.</summary>
    private async Task<JsonNode?> SendAsync(ApiOperation operation, params (string Name, object Value)[] known)
    {
        sent.Add(operation.Name);
        var path =
            known.Aggregate(operation.Path, (at, value) => at.Replace($"{{{value.Name}}}", $"{value.Value}", StringComparison.Ordinal));
        var query =
            operation.Parameters.Where(parameter => (string)parameter["in"]! == "query").Select(parameter => (string)parameter["name"]!)
            .Where(name => known.Any(value => value.Name == name))
            .Select(name => $"{name}={known.First(value => value.Name == name).Value}");
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), $"{path}?{string.Join('&', query)}".TrimEnd('?'));
        if (operation.Body is { } body)
        {
            var example = body["example"]!.DeepClone().AsObject();
            foreach (var (name, value) in known.Where(value => example.ContainsKey(value.Name)))
                example[name] = value.ToString();
            request.Content = new StringContent(example.ToJsonString(), Encoding.UTF8)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        using var answer = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        // A stream does not end.
        var text = mediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(operation.Success, $"{operation.Name}: {text}");
        operation.Fault(answer, text).ShouldBeNull($"{operation.Name}: {text}");
        (operation.Response(operation.Success)["headers"]?["Consistency-Token"] is not null)
            .ShouldBe(answer.Headers.Contains("Consistency-Token"), operation.Name);
        return mediaType == "application/json" ? JsonNode.Parse(text) : null;
    }

    private Task StateAsync(int generation, string state) => Eventually.HoldsAsync(Timeout, async () =>
    {
        var report = (await host.Client.GetJson($"/admin/api/projections/{Projection}")).Json;
        var found = report["generations"]!.AsArray().FirstOrDefault(entry => (int)entry!["number"]! == generation);
        return (string?)found?["state"] == state ? null : $"generation {generation} is {found?["state"]}";
    });

    private Task EndedAsync(string operation) => Eventually.HoldsAsync(Timeout, async () =>
        (await host.Client.GetJson($"/admin/api/operations/{operation}")).Json is var state && (string)state["state"]! != "running"
            ? null
            : state.ToJsonString());

    /// <summary>An event that no fold can read; no use case writes it.</summary>
    private async Task ParkAsync(string stream)
    {
        await using var database = NpgsqlDataSource.Create(host.Database);
        await using var insert = database.CreateCommand(
            """
            insert into customers.events (partition, event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
            select partition, gen_random_uuid(), $1, max(stream_version) + 1, 'customer.renamed.v1', '{"customerId":5}', now(), gen_random_uuid() from customers.events where stream_id = $1 group by partition
            """);
        insert.Parameters.Add(new() { Value = Guid.Parse(stream) });
        (await insert.ExecuteNonQueryAsync()).ShouldBe(1);
        await Eventually.HoldsAsync(Timeout, async () =>
            (await host.Client.GetJson($"/admin/api/dead-letters?projection={Projection}")).Json["items"]!.AsArray().Count > 0
                ? null
                : "there are no dead letters yet");
    }
}
