using Monolith.System.Tests.Hosting;
using Monolith.Testing;

namespace Monolith.System.Tests.Telemetry;

/// <summary>The telemetry of a host contains no name, address or e-mail.</summary>
[Trait("Category", "System")]
public sealed class PersonalDataTests(Servers servers)
{
    // Part of every personal value, and of no other value.
    private const string Canary = "zqxcanary";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Logs_traces_and_metrics_contain_no_request_data()
    {
        await using var collector = await Collector.StartAsync();
        await using var site = await Site.OpenWholeAsync(servers, Transport.Embedded);
        site.Set("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url);
        site.Set("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        site.Set("OTEL_BSP_SCHEDULE_DELAY", "200");
        site.Set("OTEL_METRIC_EXPORT_INTERVAL", "500");
        site.Set("Logging__Console__FormatterName", "json");
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/") };
        await Health.BecomesHealthyAsync(host.Url, Timeout);

        var customer = await UseAsync(client);
        await FailAsync(site, client, customer);

        string metrics = "", traces = "", exported = "", logs = "";
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            metrics = await client.GetStringAsync(new Uri(host.Url, "metrics"));
            (traces, exported, logs) = (collector.TextOf("traces"), collector.TextOf("metrics"), collector.TextOf("logs"));
            return Missing(
                "/metrics",
                metrics,
                "monolith_command_duration_seconds_count",
                "outcome=\"refused\"",
                "error_type=\"username-taken\"",
                "monolith_log_appended",
                "monolith_projection_applied",
                
                    "monolith_projection_lag{", "monolith_projection_age_seconds", "monolith_projection_dead_letters",
                    "http_server_request_duration_seconds_count", "http_route=\"/api/v1/customers")
                ?? Missing("traces", traces, "command RegisterCustomer", "process orders.customers", "append orders.events")
                ?? Missing("metrics", exported, "monolith.command.duration", "monolith.projection.lag")
                ?? Missing("logs", logs, "failed");
        });
        await host.StopAsync();

        var lines = string.Join('\n', host.Process.Lines);
        lines.ShouldContain("\"TraceId\":");
        foreach (
            var (what, text) in ((string, string)[])
            [
                ("the log", lines), ("/metrics", metrics), ("traces", traces), ("metrics", exported), ("logs", logs)
            ])
            Around(text).ShouldBeNull(what);
        Around($"a line with {Canary} in it").ShouldNotBeNull("what is there is found");
    }

    private static async Task<string> UseAsync(HttpClient client)
    {
        var registered = await client.PostJson("customers", Registration, "X-Actor", Canary);
        registered.Status.ShouldBe(201, registered.Text);
        var customer = (string)registered.Json["id"]!;
        (await client.PatchJson($"customers/{customer}", $$"""{"lastName":"Other {{Canary}}"}""")).Status.ShouldBe(200);
        await Eventually.HoldsAsync(
            Timeout, async () => (await client.PostJson("orders", Order(customer))) is { Status: not 201 } answer ? answer.Text : null);
        (await client.GetJson($"customers?username={Canary}")).Status.ShouldBe(200);
        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                (int)(await client.GetJson($"search/customers?q={Canary}")).Json["total"]! == 1
                    ? null
                    : "the search does not find the customer");
        return customer;
    }

    private static async Task FailAsync(Site site, HttpClient client, string customer)
    {
        (await client.PostJson("customers", Registration)).Status.ShouldBe(409);
        (
            await client.PostJson(
                "customers",
                $$"""{"username":"{{Canary}} {{Canary}}","firstName":"{{Canary}}\u0000","lastName":"","email":"{{Canary}}"}""")).Status.ShouldBe(400);
        (await client.PostJson("customers", $$"""{"username":"{{Canary}}",""")).Status.ShouldBe(400);
        (await client.PostJson("customers", $$"""{"username":["{{Canary}}"]}""")).Status.ShouldBe(400);
        (await client.GetJson($"customers/{Canary}@example.org")).Status.ShouldBe(400);
        (await client.GetJson($"people/{Canary}")).Status.ShouldBe(404);
        (await client.GetJson($"customers?after={Canary}")).Status.ShouldBe(400);
        (
            await client.PatchJson(
                $"customers/{customer}", $$"""{"email":"new.{{Canary}}@example.org"}""", "If-Match", "\"1\"")).Status.ShouldBe(412);
        (await client.PostJson("orders", Order(Guid.NewGuid().ToString()))).Status.ShouldBe(422);

        await LoggedByHand.AppendAsync(
            site.Sql,
            "customers",
            Guid.Parse(customer),
            "customer.renamed.v1",
            $$"""{"customerId":"{{Canary}}","firstName":"{{Canary}}","lastName":7}""");
        // Simulates a bug: the state cannot be written.
        await using (var broken = site.Sql.CreateCommand("alter table customers.customers rename column first_name to forename"))
            await broken.ExecuteNonQueryAsync();
        (
            await client.PostJson(
                "customers", Registration.Replace($"{Canary}-1", $"{Canary}-2", StringComparison.Ordinal))).Status.ShouldBe(500);
    }

    private static string Registration =>
        $$"""{"username":"{{Canary}}-1","firstName":"First {{Canary}}","lastName":"Last {{Canary}}","email":"{{Canary}}@example.org"}""";

    private static string Order(string customer) =>
        $$"""{"customerId":"{{customer}}","currency":"EUR","deliveryAddress":{"street":"{{Canary}} 1","postalCode":"{{Canary}}","city":"{{Canary}}","country":"DE"},"items":[{"productId":"p-1","name":"Tea","quantity":3,"unitPrice":12.3}]}""";

    private static string? Missing(string what, string text, params string[] words) =>
        words.FirstOrDefault(word => !text.Contains(word, StringComparison.Ordinal)) is { } word
            ? $"{what} lacks {word}: {text[..Math.Min(text.Length, 20_000)]}"
            : null;

    private static string? Around(string text) =>
        text.IndexOf(Canary, StringComparison.OrdinalIgnoreCase) is var at and >= 0
            ? text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)]
            : null;
}
