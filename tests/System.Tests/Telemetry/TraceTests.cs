using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Monolith.Host;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Rebuilds;
using Monolith.Testing;

namespace Monolith.System.Tests.Telemetry;

/// <summary>Traces of a host in this process, on real servers.</summary>
[Trait("Category", "System")]
public sealed class TraceTests(Servers servers)
{
    private const string Projection = "orders.customers";
    private const int Several = 5;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task One_trace_leads_from_the_request_to_the_rows(Transport transport)
    {
        using var spans = new Spans();
        await using var running = await RunningAsync(transport);
        var caller = await RegisterAsync(running.Client, "ada");

        string[] wanted =
        [
            "POST /api/v1/customers/",
            "command RegisterCustomer",
            "append customers.events",
            .. transport == Transport.Kafka ? ["publish customers.events"] : Array.Empty<string>(),
            $"process {Projection}"
        ];
        Dictionary<string, Activity> found = [];
        await Eventually.HoldsAsync(Timeout, () =>
        {
            found = spans.All.Where(span => span.TraceId == caller.TraceId)
                .GroupBy(span => span.DisplayName)
                .ToDictionary(group => group.Key, group => group.First());
            return Task.FromResult(
                wanted.FirstOrDefault(name => !found.ContainsKey(name)) is { } missing
                    ? $"{missing} is not among {string.Join(", ", spans.All.Select(span => $"{span.DisplayName} {span.TraceId}"))}"
                    : null);
        });

        var (request, command, append) = (found[wanted[0]], found[wanted[1]], found[wanted[2]]);
        request.ParentSpanId.ShouldBe(caller.SpanId);
        request.Kind.ShouldBe(ActivityKind.Server);
        command.ParentSpanId.ShouldBe(request.SpanId);
        append.ParentSpanId.ShouldBe(command.SpanId);
        foreach (var follows in wanted[3..])
            found[follows].ParentSpanId.ShouldBe(append.SpanId, follows);
        found[$"process {Projection}"].Kind.ShouldBe(ActivityKind.Consumer);
        found[$"process {Projection}"].GetTagItem("messaging.batch.message_count").ShouldBe(1);
        command.GetTagItem("outcome").ShouldBe("done");
    }

    [Fact]
    public async Task Batch_is_one_span_with_links_and_replay_has_none()
    {
        using var spans = new Spans();
        await using var running = await RunningAsync(Transport.Embedded);
        await AskAsync(running, "pause");
        var callers = new List<ActivityContext>();
        for (var i = 0; i < Several; i++)
            callers.Add(await RegisterAsync(running.Client, $"user-{i}"));
        Processed(spans).ShouldBeEmpty("it is paused");

        await AskAsync(running, "resume");

        await Eventually.HoldsAsync(Timeout, "a batch was applied", () => Processed(spans).Length > 0);
        var batch = Processed(spans).ShouldHaveSingleItem();
        batch.ParentSpanId.ShouldBe(default);
        batch.Links.Select(link => link.Context.TraceId).ShouldBe(callers.Select(caller => caller.TraceId), ignoreOrder: true);
        batch.GetTagItem("messaging.batch.message_count").ShouldBe(Several);

        var operators = new Operator(running.Client.BaseAddress!);
        await operators.DoneAsync(operators.RebuildAsync(Projection));
        // The other projection was not paused and may still process the events.
        spans.All.Where(
            span => span.Source.Name == "Monolith.Projections" && span.DisplayName.Contains(Projection, StringComparison.Ordinal))
            .ShouldBe([batch]);
    }

    [Fact]
    public async Task Reactor_effect_belongs_to_the_trace_of_its_cause()
    {
        using var spans = new Spans();
        await using var running = await RunningAsync(Transport.Embedded);
        var shop = new Load.Shop(running.Client.BaseAddress!);
        var customer = await shop.RegisterAsync();
        await shop.PlaceAsync(customer);

        var caller = await SendAsync(running.Client, $"/api/v1/customers/{customer}/deactivate", """{"reason":"closed"}""");

        await Eventually.HoldsAsync(Timeout, "the order is cancelled in the trace of the customer's deactivation", () =>
            spans.All.Any(span => span.TraceId == caller.TraceId && span.Source.Name == "Monolith.Reactors")
            && spans.All.Any(span => span.TraceId == caller.TraceId && span.DisplayName == "append orders.events"));
    }

    private static Activity[] Processed(Spans spans) => spans.Named($"process {Projection}");

    private static Task<ActivityContext> RegisterAsync(HttpClient client, string username) =>
        SendAsync(client, "/api/v1/customers", $$"""{"username":"{{username}}","firstName":"A","lastName":"B","email":"a@example.org"}""");

    /// <summary>Sends a command as part of the caller's trace.</summary>
    private static async Task<ActivityContext> SendAsync(HttpClient client, string path, string body)
    {
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        var answer = await client.PostJson(path, body, "traceparent", $"00-{caller.TraceId}-{caller.SpanId}-01");
        answer.Status.ShouldBeInRange(200, 201, answer.Text);
        return caller;
    }

    private static async Task AskAsync(RunningHost running, string verb) =>
        (await running.Client.PostJson($"/admin/api/projections/{Projection}/{verb}", "")).Status.ShouldBe(200);

    private async Task<RunningHost> RunningAsync(Transport transport) =>
        await RunningHost.StartAsync(await Site.OpenAsync(servers, transport));

    /// <summary>A host in this process.</summary>
    private sealed class RunningHost(Site site, TemporaryFolder folder, WebApplication app) : IAsyncDisposable
    {
        public HttpClient Client { get; } = new() { BaseAddress = new Uri(app.Urls.Single()) };

        public static async Task<RunningHost> StartAsync(Site site)
        {
            var folder = new TemporaryFolder();
            var settings = new Dictionary<string, string?>
            {
                ["ConnectionStrings:Monolith"] = site.Database,
                ["Transport"] = (site.HasKafka ? Transport.Kafka : Transport.Embedded).ToString(),
                ["Kafka:BootstrapServers"] = site.HasKafka ? site.Kafka : null,
                ["Stores:Folder"] = folder.Below("stores"),
                ["Urls"] = "http://127.0.0.1:0",
                ["Modules"] = "Customers,Orders",
            };
            foreach (var category in (string[])["Default", "Microsoft", "Npgsql"])
                settings[$"Logging:LogLevel:{category}"] = "None";
            var app = Composition.Build([], settings);
            await app.StartAsync();
            var running = new RunningHost(site, folder, app);
            await Health.BecomesHealthyAsync(running.Client.BaseAddress!, Timeout);
            return running;
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
            await site.DisposeAsync();
            folder.Dispose();
        }
    }
}
