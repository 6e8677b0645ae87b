using System.Diagnostics;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;
using static Monolith.System.Tests.Load.Consistency;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class ConsistencyTests(Servers servers)
{
    private const int Customers = 10_000;
    private const int Callers = 8;
    private const int Partitions = 32;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(40);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Order_with_registration_token_finds_the_new_customer(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/"), Timeout = Timeout };

        await Parallel.ForAsync(0, TestScale.Of(Customers), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) =>
        {
            var registered = await client.PostJson("customers", Shop.Customer(i));
            registered.Status.ShouldBe(201, registered.Text);
            var placed = await client.PostAfterAsync("orders", Shop.Order((Guid)registered.Json["id"]!), TokenOf(registered));
            placed.Status.ShouldBe(201, placed.Text);
        });
    }

    /// <summary>Each of two hosts applies half of the partitions and waits for events that the other host applies.</summary>
    [Fact]
    public async Task Token_of_one_host_is_valid_on_another()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var (first, second) = (await site.StartHostAsync(), await site.StartHostAsync());
        await new Owners(site).ShouldShareAsync(hosts: 2, Partitions, Timeout);
        using var here = new HttpClient { BaseAddress = new Uri(first.Url, "api/v1/"), Timeout = Timeout };
        using var there = new HttpClient { BaseAddress = new Uri(second.Url, "api/v1/"), Timeout = Timeout };

        for (var i = 0; i < Partitions; i++)
        {
            var registered = await here.PostJson("customers", Shop.Customer(i));
            var id = (string)registered.Json["id"]!;
            var summary = await there.GetAfterAsync($"order-summaries/{id}", TokenOf(registered));
            summary.Status.ShouldBe(200, summary.Text);
            var placed = await there.PostAfterAsync("orders", Shop.Order(Guid.Parse(id)), TokenOf(registered));
            placed.Status.ShouldBe(201, placed.Text);
        }
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Every_read_model_shows_the_events_of_a_token(Transport transport)
    {
        await using var site = await Site.OpenWholeAsync(servers, transport);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/"), Timeout = Timeout };
        await Eventually.HoldsAsync(
            Timeout, async () => (await client.GetJson("analytics/funnel")).Status == 200 ? null : "the read models are built");

        for (var i = 0; i < 10; i++)
        {
            var registered = await client.PostJson("customers", Shop.Customer(i));
            var customer = (string)registered.Json["id"]!;
            (await client.GetAfterAsync($"search/customers?q=u-{i}", TokenOf(registered))).Text.ShouldContain(customer);
            var placed = await client.PostAfterAsync("orders", Shop.Order(Guid.Parse(customer)), TokenOf(registered));
            string[] both = [TokenOf(registered), TokenOf(placed)];
            (await client.GetAfterAsync($"search/orders?q=u-{i}", both)).Text.ShouldContain((string)placed.Json["id"]!);
            ((int)(await client.GetAfterAsync($"order-summaries/{customer}", both)).Json["orders"]!).ShouldBe(1);
            var revenue = await client.GetAfterAsync("analytics/revenue?by=customer", both);
            revenue.Text.ShouldContain(customer);
        }
    }

    [Fact]
    public async Task Stalled_read_model_is_awaited_until_the_requested_timeout()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/"), Timeout = Timeout };
        var known = await client.PostJson("customers", Shop.Customer(0));
        (await client.GetAfterAsync($"order-summaries/{(string)known.Json["id"]!}", TokenOf(known))).Status.ShouldBe(200);
        (
            await client.PostJson(
                new Uri(host.Url, "admin/api/projections/orders.summaries/pause").AbsoluteUri, "{}")).Status.ShouldBeInRange(200, 202);
        await Eventually.HoldsAsync(Timeout, async () =>
            (
                await client.GetJson(
                    new Uri(
                        host.Url,
                        "admin/api/projections/orders.summaries").AbsoluteUri)).Text.Contains("\"paused\":true", StringComparison.Ordinal)
                ? null
                : "it is paused");
        var registered = await client.PostJson("customers", Shop.Customer(1));

        var since = Stopwatch.GetTimestamp();
        var behind =
            await client.GetJson($"order-summaries/{(string)registered.Json["id"]!}", Token, TokenOf(registered), TimeoutHeader, "700");
        var waited = Stopwatch.GetElapsedTime(since);

        (behind.Status, behind.Slug).ShouldBe((503, "read-model-behind"));
        behind.Response.Headers.RetryAfter.ShouldNotBeNull();
        ((string)behind.Json["detail"]!).ShouldContain("orders.summaries");
        waited.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(690));
        waited.ShouldBeLessThan(TimeSpan.FromSeconds(20), "the deadline is generous: this machine does other things too");
        (
            await client.GetJson(
                $"customers/{(string)registered.Json["id"]!}",
                Token,
                TokenOf(registered),
                TimeoutHeader,
                "0")).Status.ShouldBe(200, "it reads what commands have written");
    }

    [Fact]
    public async Task Invalid_token_or_timeout_is_refused()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/"), Timeout = Timeout };
        var registered = await client.PostJson("customers", Shop.Customer(0));

        foreach (var (header, value) in ((string, string)[])
        [
            (Token, "nonsense"), (Token, ""), (Token, $"{TokenOf(registered)},x"),
            (TimeoutHeader, "soon"), (TimeoutHeader, "10001"), (TimeoutHeader, "-1"),
        ])
        {
            var answer =
                await client.GetJson("orders", header == Token ? [Token, value] : [Token, TokenOf(registered), TimeoutHeader, value]);

            (answer.Status, answer.Slug).ShouldBe((400, "invalid-request"), $"{header}: {value}");
            answer.Json["errors"]![header].ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Token_beyond_the_log_head_is_reported()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        await using var other = await Site.OpenAsync(servers, Transport.Embedded);
        var longer = await other.StartHostAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/"), Timeout = Timeout };
        using var elsewhere = new HttpClient { BaseAddress = new Uri(longer.Url, "api/v1/"), Timeout = Timeout };
        var registered = await elsewhere.PostJson("customers", Shop.Customer(0));

        var answer = await client.GetAfterAsync("orders", TokenOf(registered));

        (answer.Status, answer.Slug).ShouldBe((409, "log-shorter"));
    }
}
