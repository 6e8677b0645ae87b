using System.Net;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Rebuilds;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using static Monolith.System.Tests.Load.Consistency;

namespace Monolith.System.Tests;

/// <summary>Search in an Elasticsearch server that stops and restarts, and that hosts share.</summary>
[Collection(Servers.ElasticsearchTurns)]
[Trait("Category", "System")]
public sealed class ElasticsearchTests(Servers servers)
{
    private const string Customers = "search.customers";
    private const int Clients = 4;
    private const int SomeCommands = 1_000;
    private const int Kills = 10;
    private const int Partitions = 32;
    private const int SomeCustomers = 8;
    private const string SaidByHosts = "monolith.hosts";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan SharedWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Server_unavailable_at_start_delays_only_search()
    {
        var (site, elasticsearch) = await Site.OpenOnElasticsearchAsync(servers, Transport.Embedded);
        await using var closing = site;
        await elasticsearch.KillAsync();
        Guid customer;
        Uri at;
        try
        {
            var host = await site.StartHostAsync();
            at = host.Url;
            await Health.BecomesAsync(host.Url, Timeout, health => health is { Code: HttpStatusCode.OK, Status: "degraded" }
                && health.Faults.Select(fault => fault.Key).Order().SequenceEqual([$"projection:{Customers}", "projection:search.orders"]));
            using var client = new HttpClient { BaseAddress = host.Url };
            foreach (var route in (string[])["/api/v1/search/customers?q=a", "/api/v1/search/orders?q=a"])
            {
                (await InvalidInput.Get(route, 503, "storage-unavailable").SendAsync(client)).ShouldBeNull();
                (await client.GetJson(route)).Response.Headers.RetryAfter.ShouldNotBeNull();
            }

            var shop = new Shop(host.Url);
            customer = await shop.RegisterAsync();
            await shop.PlaceAsync(customer);
            (await client.GetJson("/admin/api/projections")).Status.ShouldBe(200);
        }
        finally
        {
            await elasticsearch.RestartAsync();
        }

        await ShouldAnswerAsync(at, customer);
        await Health.BecomesHealthyAsync(at, Timeout);
    }

    [Fact]
    public async Task Server_kill_under_load_loses_nothing_and_affects_no_command()
    {
        var (site, elasticsearch) = await Site.OpenOnElasticsearchAsync(servers, Transport.Embedded);
        await using var closing = site;
        var host = await site.StartHostAsync();
        await ShouldAnswerAsync(host.Url);
        await using var load = MixedLoad.Light(Clients, host.Url);
        load.Start();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        var operates = new Operator(host.Url);
        var rebuild = await operates.RebuildAsync(Customers);
        for (var kill = 0; kill < TestScale.Of(Kills); kill++)
        {
            await load.AnsweredAsync(load.Random.Next(1, TestScale.Of(SomeCommands)));
            await elasticsearch.KillAsync();
            try
            {
                // Registrations and orders do not need search.
                await load.AnsweredAsync(TestScale.Of(SomeCommands));
            }
            finally
            {
                await elasticsearch.RestartAsync();
            }
        }

        await load.StopAsync();
        (await operates.EndAsync(rebuild)).State.ShouldBe("done");
        load.Journal.Unexpected.ShouldBeEmpty();
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await SearchRows.ShouldEqualFoldsAsync(site, host.Url, elasticsearch.Url);
        await Health.BecomesHealthyAsync(host.Url, Timeout);
    }

    [Fact]
    public async Task Search_partitions_are_shared_and_fail_over_between_hosts()
    {
        var (site, elasticsearch) = await Site.OpenOnElasticsearchAsync(servers, Transport.Kafka);
        await using var closing = site;
        var (first, second) = (await site.StartHostAsync(), await site.StartHostAsync());
        await using var load = new MixedLoad(Clients, first.Url, second.Url);
        load.Start();
        await ShouldShareAsync(site, hosts: 2);
        await load.AnsweredAsync(TestScale.Of(SomeCommands));

        await first.Process.KillAsync();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        await ShouldShareAsync(site, hosts: 1);
        await load.StopAsync();

        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await SearchRows.ShouldEqualFoldsAsync(site, second.Url, elasticsearch.Url);
        var operates = new Operator(second.Url);
        await operates.DoneAsync(operates.RebuildAsync(Customers));
        await SearchRows.ShouldEqualFoldsAsync(site, second.Url, elasticsearch.Url);
        await Health.BecomesHealthyAsync(second.Url, Timeout);
    }

    /// <summary>A search finds the events of another host's token, whichever host applies the partition.</summary>
    [Fact]
    public async Task Search_with_token_finds_the_events_of_the_token()
    {
        var (site, _) = await Site.OpenOnElasticsearchAsync(servers, Transport.Kafka);
        await using var closing = site;
        var (first, second) = (await site.StartHostAsync(), await site.StartHostAsync());
        await ShouldShareAsync(site, hosts: 2);
        await ShouldAnswerAsync(second.Url);
        using var here = new HttpClient { BaseAddress = new Uri(first.Url, "api/v1/"), Timeout = Timeout };
        using var there = new HttpClient { BaseAddress = new Uri(second.Url, "api/v1/"), Timeout = Timeout };

        var said = new Topics(site.Kafka).EndOffsetOf(SaidByHosts);
        for (var i = 0; i < SomeCustomers; i++)
        {
            var registered = await here.PostJson("customers", Shop.Customer(i));
            var customer = (string)registered.Json["id"]!;
            (await there.GetAfterAsync($"search/customers?q={Shop.UsernameOf(i)}", TokenOf(registered))).Text.ShouldContain(customer);
            var placed = await here.PostAfterAsync("orders", Shop.Order(Guid.Parse(customer)), TokenOf(registered));
            (
                await there.GetAfterAsync(
                    $"search/orders?q={Shop.UsernameOf(i)}",
                    TokenOf(registered),
                    TokenOf(placed))).Text.ShouldContain((string)placed.Json["id"]!);
        }

        new Topics(site.Kafka).EndOffsetOf(SaidByHosts).ShouldBeGreaterThan(said, "the waiting host has called the host that applies it");
    }

    private static Task ShouldShareAsync(Site site, int hosts) => Eventually.HoldsAsync(SharedWithin, async () =>
    {
        foreach (var group in (string[])["monolith.search.customers.g1", "monolith.search.orders.g1"])
        {
            var parts = await new Topics(site.Kafka).MembersAsync(group);
            if (parts.Count != hosts || parts.Sum() != Partitions || parts.Max() - parts.Min() > 1)
                return $"the members of {group} have {string.Join(" + ", parts)} partitions";
        }

        return null;
    });

    private static Task ShouldAnswerAsync(Uri host, Guid? customer = null) => Eventually.HoldsAsync(Timeout, async () =>
    {
        using var client = new HttpClient { BaseAddress = host };
        var answer = await client.GetJson("/api/v1/search/customers?q=example");
        return answer.Status == 200
            && (customer is null || answer.Json["items"]!.AsArray().Select(item => (Guid)item!["id"]!).Contains(customer.Value))
            ? null
            : answer.Text;
    });
}
