using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Rebuilds;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Monolith.Testing.Streams;

namespace Monolith.System.Tests;

/// <summary>Topics that are changed or lose records under a running host.</summary>
[Trait("Category", "System")]
public sealed class TopicFaultTests(Servers servers)
{
    private const string Customers = "customers.events";
    private const string Orders = "orders.events";
    private const string Stream = "api/v1/stream";
    private const string View = "orders.customers";
    private const string EventsExport = "api/v1/analytics/exports/events.parquet";
    private const int SomeCustomers = 8;

    private static readonly TimeSpan NamedWithin = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // A line of the console is: time, level, category.
    private static readonly string[] WarningLevels = [" warn: ", " fail: ", " crit: "];

    // Other parts may warn on a loaded machine, for instance of a slow heartbeat of the web server.
    private static readonly string[] AboutTopics =
        ["Monolith.BuildingBlocks.Events.Kafka", "Monolith.BuildingBlocks.Events.Postgres.Relaying", "leader"];
    private static readonly HttpClient Client = new() { Timeout = Timeout };

    [Fact]
    public async Task First_start_waits_for_leaders_without_a_warning()
    {
        await using var site = await Site.OpenWholeAsync(servers, Transport.Kafka);

        var host = await site.StartHostAsync();
        await new Shop(host.Url).RegisterAsync();
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);

        host.Process.Lines.Where(line => IsWarningOrWorse(line) && IsAboutTopics(line)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Changed_topic_settings_are_reported_until_corrected()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        await Health.BecomesHealthyAsync(host.Url, Timeout);
        var topics = new Topics(site.Kafka);

        await topics.SetAsync(Customers, "cleanup.policy", "compact");
        await topics.SetAsync(Orders, "retention.ms", "3600000");

        await Health.BecomesAsync(host.Url, NamedWithin, health => health is { Code: HttpStatusCode.OK, Status: "degraded" }
            && Names(health, $"{Customers} has cleanup.policy=compact. It must be delete")
                && Names(health, $"{Orders} has retention.ms=3600000. It must be -1"));

        await topics.SetAsync(Customers, "cleanup.policy", "delete");
        await topics.SetAsync(Orders, "retention.ms", "-1");
        await Health.BecomesHealthyAsync(host.Url, NamedWithin);
    }

    [Fact]
    public async Task Deleted_records_are_reported_until_the_topic_is_refilled()
    {
        await using var site = await Site.OpenWholeAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        for (var i = 0; i < SomeCustomers; i++)
            await shop.RegisterAsync();
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        var topics = new Topics(site.Kafka);

        await topics.DeleteRecordsAsync(Customers);
        // Only the partition with new events holds records again.
        await shop.RegisterAsync();
        var operations = new Operator(host.Url);
        var rebuild = await operations.RebuildAsync(View);

        await Eventually.HoldsAsync(NamedWithin, async () =>
        {
            var report = await operations.ReportAsync(View);
            var build = report.Generations.Single(generation => generation.Number == rebuild.Generation);
            return build.State == "building" && IsNamed(build.Reason) && build.Partitions.Any(partition => IsNamed(partition.Problem))
                ? null
                : $"generation {build}";
        });
        await Health.BecomesAsync(host.Url, NamedWithin, health => health is { Code: HttpStatusCode.OK, Status: "degraded" }
            && health.Faults.Any(
                fault =>
                    fault.Key == "topics"
                        && Regex.IsMatch(
                            fault.Value.Detail,
                            $"Records were deleted from [0-9]+ of [0-9]+ partitions of the topic {Regex.Escape(Customers)}"))
                && health.Faults.Any(fault => fault.Key == $"projection:{View}" && IsNamed(fault.Value.Detail)));
        (await new CliRunner(host.Url).RunAsync($"projections show {View} --partitions"))
            .ShouldExit(0).Text.ShouldContain($"Records were deleted from the topic {Customers}");
        await ExportIsRefusedAsync(host.Url, Customers);
        // A first build knows only the topic. An emptied topic must not be treated as one without events.
        var alone = await site.StartAloneAsync("Analytics");
        await Health.BecomesAsync(alone.Url, NamedWithin, health => health is { Code: HttpStatusCode.OK, Status: "degraded" }
            && health.Faults.Any(fault => fault.Key == "projection:analytics.customers" && IsNamed(fault.Value.Detail)));

        // Events after the deleted records work as before, also in a new process.
        using (var stream = await SseClient.OpenAsync(host.Url, Stream))
            await NextEventComesAsync(stream, shop);
        await host.StopAsync();
        var again = await site.StartHostAsync(host.Url);
        using (var stream = await SseClient.OpenAsync(again.Url, Stream))
            await NextEventComesAsync(stream, shop);
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);

        await topics.DeleteAsync(Customers);
        (await operations.EndAsync(rebuild)).State.ShouldBe("done");
        await Health.BecomesHealthyAsync(again.Url, NamedWithin);
        await Health.BecomesHealthyAsync(alone.Url, NamedWithin);
        (await Client.GetJson(new Uri(alone.Url, "api/v1/analytics/cohorts").AbsoluteUri)).Json["rows"]!.AsArray()
            .Sum(row => (int)row!["customers"]!)
            .ShouldBe(SomeCustomers + 3);
        (await Client.GetByteArrayAsync(new Uri(again.Url, EventsExport)))[..4].ShouldBe("PAR1"u8.ToArray());
    }

    [Fact]
    public async Task Unreachable_broker_refuses_exports_of_events_and_no_other()
    {
        using var folder = new TemporaryFolder();
        await using var kafka = await Servers.StartKafkaAsync(folder.Below("kafka"));
        await using var site = new Site(await servers.NewDatabaseAsync(), kafka.BootstrapServers);
        site.Set("Modules", "Customers,Orders,Analytics");
        var host = await site.StartHostAsync();
        await new Shop(host.Url).RegisterAsync();
        await Health.BecomesHealthyAsync(host.Url, Timeout);

        await ChildProcess.SignalAsync(kafka.ProcessId, "STOP");
        using (var gone = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
            await Should.ThrowAsync<OperationCanceledException>(() => Client.GetAsync(new Uri(host.Url, EventsExport), gone.Token));
        var since = Stopwatch.StartNew();
        // Each waits 5 s for the broker, one after the other. A third would exceed the limit and be refused.
        var exports = Enumerable.Range(0, 2).Select(_ => ExportIsRefusedAsync(host.Url, "")).ToArray();
        foreach (var kind in new[] { "customers", "orders", "order-lines" })
        {
            (await Client.GetByteArrayAsync(new Uri(host.Url, $"api/v1/analytics/exports/{kind}.parquet")))[..4]
                .ShouldBe("PAR1"u8.ToArray());
            exports.ShouldContain(export => !export.IsCompleted, "an export of events still waits for the broker");
        }

        await Task.WhenAll(exports);
        since.Elapsed.ShouldBeLessThan(Timeout);
        await ChildProcess.SignalAsync(kafka.ProcessId, "CONT");
        await Health.BecomesHealthyAsync(host.Url, Timeout);
        (await Client.GetByteArrayAsync(new Uri(host.Url, EventsExport)))[..4].ShouldBe("PAR1"u8.ToArray());
    }

    private static bool IsWarningOrWorse(string line) => WarningLevels.Any(level => line.Contains(level, StringComparison.Ordinal));

    private static bool IsAboutTopics(string line) => AboutTopics.Any(words => line.Contains(words, StringComparison.Ordinal));

    private static bool Names(Health health, string words) =>
        health.Faults.Any(fault => fault.Key == "topics" && fault.Value.Detail.Contains(words, StringComparison.Ordinal));

    private static bool IsNamed(string? reason) =>
        reason?.Contains($"Records were deleted from the topic {Customers}", StringComparison.Ordinal) == true;

    private static async Task ExportIsRefusedAsync(Uri host, string words)
    {
        var answer = await Client.GetJson(new Uri(host, EventsExport).AbsoluteUri);
        (answer.Status, answer.Slug).ShouldBe((503, "events-unavailable"), answer.Text);
        answer.Text.ShouldContain(words);
    }

    private static async Task NextEventComesAsync(SseClient stream, Shop shop)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        var customer = await shop.RegisterAsync();
        while ((await stream.ReadAsync(timeout.Token))!.Data.Contains(customer.ToString(), StringComparison.Ordinal) is false)
        {
            // Skips events of other customers.
        }
    }
}
