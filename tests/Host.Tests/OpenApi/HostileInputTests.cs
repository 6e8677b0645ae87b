using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Monolith.Testing;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>
/// Every request gets a documented response: never a server error, and every refusal is a problem document.
/// </summary>
[Trait("Category", "System")]
public sealed class HostileInputTests : IAsyncLifetime
{
    private const int Requests = 20_000;
    private const int Clients = 4;
    private const int ShownFaults = 20;

    // A separate host: the test pauses and rebuilds projections.
    private readonly OpenHost host = new();

    public async ValueTask InitializeAsync() => await host.RunningAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Generated_requests_get_only_documented_answers()
    {
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var (ids, tokens) = await SomethingAsync();
        var faults = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<int, int>();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(seed + client);
            var modules = new HostileRequests(ApiText.Read("v1"), random, ids, tokens);
            HostileRequests[] documents = [modules, modules, new(ApiText.Read("admin"), random, ids, tokens)];
            for (var i = 0; i < TestScale.Of(Requests) / Clients; i++)
            {
                var request = documents[random.Next(documents.Length)].Next();
                if (await FaultAsync(request, statuses) is { } fault)
                    faults.Enqueue($"{request}\n    {fault}");
            }
        })));

        var counted = string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"));
        TestContext.Current.TestOutputHelper?.WriteLine(counted);
        faults.ShouldBeEmpty($"{faults.Count} faults, {TestSeed.Shown(seed)}; {counted}\n{string.Join('\n', faults.Take(ShownFaults))}");
        // The test is meaningless if all requests or none are refused.
        foreach (var status in (int[])[200, 201, 400, 403, 404, 409, 412, 415, 422])
            statuses.ShouldContainKey(status);
        (await host.Client.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode.ShouldBeTrue();
        (
            await host.Client.PostJson(
                "/api/v1/customers",
                """{"username":"afterwards","firstName":"A","lastName":"B","email":"a@b.org"}""")).Status.ShouldBe(201);
    }

    /// <summary>Ids of existing resources, and the tokens of the commands that created them.</summary>
    private async Task<(IReadOnlyList<string> Ids, IReadOnlyList<string> Tokens)> SomethingAsync()
    {
        var (ids, tokens) = (new List<string>(), new List<string>());
        for (var i = 0; i < 3; i++)
        {
            var customer =
                await MakeAsync("/api/v1/customers", $$"""{"username":"hostile-{{i}}","firstName":"A","lastName":"B","email":"a@b.org"}""");
            await MakeAsync(
                "/api/v1/orders",
                $$"""{"customerId":"{{customer}}","currency":"EUR","deliveryAddress":{"street":"S","postalCode":"1","city":"C","country":"DE"},"items":[{"productId":"p","name":"n","quantity":1,"unitPrice":1}]}""");
        }

        return (ids, tokens);

        async Task<string> MakeAsync(string path, string body)
        {
            await host.CaughtUpAsync();
            using var answer =
                await host.Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            ids.Add((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!);
            tokens.Add(answer.Headers.GetValues("Consistency-Token").Single());
            return ids[^1];
        }
    }

    private async Task<string?> FaultAsync(HostileRequest request, ConcurrentDictionary<int, int> statuses)
    {
        using var message = request.ToMessage();
        try
        {
            using var answer = await host.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            var status = (int)answer.StatusCode;
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            var mediaType = answer.Content.Headers.ContentType?.MediaType;
            var text = mediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();
            // Server errors are documented, but must not occur.
            if (status >= 500 && status != (int)HttpStatusCode.ServiceUnavailable)
                return $"{status}: {text}";
            if (request.IsRefused && status < 400)
                return $"{status}, though a parameter is given twice";
            if (request.IsLost && IsOfRouting(status, mediaType, text))
                return null;
            return request.Operation.Fault(answer, text) is { } fault ? $"{fault}: {text}" : null;
        }
        catch (HttpRequestException) when (request.IsTooLarge)
        {
            return null;
        }
    }

    // A changed path may match another route or none; an invalid path is answered by the server.
    private static bool IsOfRouting(int status, string? mediaType, string text) =>
        status == 200
        || (status is 400 or 403 or 404 or 405 && mediaType == "application/problem+json") || (status == 400 && text.Length == 0);
}
