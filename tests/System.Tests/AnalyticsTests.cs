using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;

namespace Monolith.System.Tests;

/// <summary>Reports and exports of hosts as they run in production.</summary>
[Trait("Category", "System")]
public sealed class AnalyticsTests(Servers servers)
{
    private const string One = "36.90";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Client = new() { Timeout = Timeout };

    [Fact]
    public async Task Figures_follow_order_changes_across_a_kill()
    {
        await using var site = await Site.OpenWholeAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var customer = await shop.RegisterAsync();
        var given = await GivenUpAsync(host.Url);
        await ShouldSayAsync(host.Url, "revenue?by=country", "");

        var (first, second, third) = (await shop.PlaceAsync(customer), await shop.PlaceAsync(customer), await shop.PlaceAsync(customer));
        await shop.PostAsync($"orders/{first}/pay", """{"reference":"r"}""");
        await shop.PostAsync($"orders/{first}/ship", """{"carrier":"DHL","trackingNumber":"1"}""");
        await shop.PostAsync($"orders/{second}/pay", """{"reference":"r"}""");
        await shop.PostAsync($"orders/{third}/cancel", """{"reason":"changed my mind"}""");

        await ShouldSayAsync(host.Url, "revenue?by=country", "DE|EUR|73.80|2|6");
        await ShouldSayAsync(
            host.Url, $"revenue?by=customer&currency=EUR&from={DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}", $"{customer}|EUR|73.80|2|6");
        await ShouldSayAsync(
            host.Url,
            "orders?by=status",
            $"cancelled|EUR|{Money(given + 1)}|{given + 1}|{given + 1}|{(given + 1) * 3} paid|EUR|{One}|1|0|3 shipped|EUR|{One}|1|0|3");
        await StepsShouldBeAsync(host.Url, steps => steps == $"placed {given + 3} paid 2 shipped 1");

        await host.Process.KillAsync();
        var again = await site.StartHostAsync();
        await ShouldSayAsync(again.Url, "revenue?by=country", "DE|EUR|73.80|2|6");
        await Health.BecomesHealthyAsync(again.Url, Timeout);
        (await Client.GetByteArrayAsync(new Uri(again.Url, "api/v1/analytics/exports/events.parquet")))[..4].ShouldBe("PAR1"u8.ToArray());
    }

    [Fact]
    public async Task Module_alone_on_Kafka_needs_no_PostgreSQL()
    {
        await using var site = await Site.OpenWholeAsync(servers, Transport.Kafka);
        var shop = new Shop((await site.StartHostAsync()).Url);
        var order = await shop.PlaceAsync(await shop.RegisterAsync());
        await shop.PostAsync($"orders/{order}/pay", """{"reference":"r"}""");

        var alone = await site.StartAloneAsync("Analytics");

        await ShouldSayAsync(alone.Url, "revenue?by=country", $"DE|EUR|{One}|1|3");
        await StepsShouldBeAsync(
            alone.Url,
            steps =>
                steps.StartsWith("placed ", StringComparison.Ordinal) && steps.EndsWith(" paid 1 shipped 0", StringComparison.Ordinal));
        await Health.BecomesHealthyAsync(alone.Url, Timeout);
        (await Client.GetByteArrayAsync(new Uri(alone.Url, "api/v1/analytics/exports/events.parquet")))[..4].ShouldBe("PAR1"u8.ToArray());
        await alone.StopAsync();
    }

    // Registration also places orders until one is accepted, and cancels it.
    private static async Task<int> GivenUpAsync(Uri host)
    {
        var given = 0;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            given = (await RowsAsync(host, "orders?by=status"))
                .Where(row => row.GetProperty("status").GetString() == "cancelled")
                .Sum(row => row.GetProperty("orders").GetInt32());
            return given > 0 ? null : "no order yet";
        });
        return given;
    }

    private static Task ShouldSayAsync(Uri host, string report, string lines) => Eventually.HoldsAsync(Timeout, async () =>
    {
        var said = string.Join(
            ' ',
            (await RowsAsync(host, report)).Select(row => string.Join('|', row.EnumerateObject().Select(value => value.Value.ToString()))));
        return said == lines ? null : $"{report} says {said}, not {lines}";
    });

    private static Task StepsShouldBeAsync(Uri host, Func<string, bool> expected) => Eventually.HoldsAsync(Timeout, async () =>
    {
        var steps =
            string.Join(' ', (await RowsAsync(host, "funnel")).Select(row => $"{row.GetProperty("step")} {row.GetProperty("orders")}"));
        return expected(steps) ? null : $"the funnel says {steps}";
    });

    private static async Task<List<JsonElement>> RowsAsync(Uri host, string report) =>
        [.. (await Client.GetFromJsonAsync<JsonElement>(new Uri(host, $"api/v1/analytics/{report}"))).GetProperty("rows").EnumerateArray()];

    private static string Money(int orders) => (orders * 36.90m).ToString("0.00", CultureInfo.InvariantCulture);
}
