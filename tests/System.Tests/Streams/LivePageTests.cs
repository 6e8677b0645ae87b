using Microsoft.Playwright;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;

namespace Monolith.System.Tests.Streams;

[Trait("Category", "System")]
public sealed class LivePageTests(Servers servers)
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    /// <summary>The folder for screenshots of the page.</summary>
    private const string PicturesVariable = "MONOLITH_TEST_PICTURES";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Live_page_follows_events_escapes_text_and_reconnects()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = await Site.OpenWholeAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var (customer, hostile) = (await shop.RegisterAsync(), await shop.RegisterAsync());
        await SpreadOrdersOverTheHourAsync(site, shop, customer);
        var page = await browser.OpenAsync(1280, 900, ColorScheme.Light);
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (
                message.Type == "error"
                    && !message.Text.Contains("ERR_CONNECTION", StringComparison.Ordinal)
                    && !message.Text.Contains("ERR_INCOMPLETE", StringComparison.Ordinal))
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Dialog += (_, dialog) => complaints.Add($"a dialog: {dialog.Message}");
        var requests = new List<string>();
        page.Request += (_, request) => requests.Add(request.Url);

        await page.GotoAsync(new Uri(host.Url, "live").AbsoluteUri);
        await TextAsync(page, "#state", "connected");
        await shop.PlaceAsync(customer);
        await shop.PostAsync($"customers/{hostile}/deactivate", $$"""{"reason":"{{Hostile}}"}""");
        await TextAsync(page, "#events", Hostile);
        await TextAsync(page, "#events", "order.placed.v1");
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('#orders rect')].filter(bar => Number(bar.getAttribute('height')) > 0).length >= 10");
        (await page.Locator("#events img").CountAsync()).ShouldBe(0, "what an event says is text, never markup");
        await PictureAsync(page, "live-light");

        await host.Process.KillAsync();
        await TextAsync(page, "#state", "connecting");
        host = await site.StartHostAsync(host.Url);
        // The page may not have reconnected yet. It must still receive the missed events.
        await new Shop(host.Url).RegisterAsync();
        await TextAsync(page, "#state", "connected");
        await page.WaitForFunctionAsync("() => document.getElementById('events').textContent.includes('customer.registered.v1')");
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);

        var phone = await browser.OpenAsync(390, 844, ColorScheme.Dark);
        await phone.GotoAsync(new Uri(host.Url, "live").AbsoluteUri);
        await TextAsync(phone, "#state", "connected");
        await shop.RegisterAsync();
        await TextAsync(phone, "#events", "customer.registered.v1");
        (await phone.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"))
            .ShouldBeTrue("nothing is wider than a phone");
        await PictureAsync(phone, "live-dark-phone");

        complaints.ShouldBeEmpty();
        requests.ShouldAllBe(url => url.StartsWith(host.Url.AbsoluteUri, StringComparison.Ordinal));
    }

    // Moves the same orders back in time, as if the shop had been open for an hour.
    private static async Task SpreadOrdersOverTheHourAsync(Site site, Shop shop, Guid customer)
    {
        for (var i = 0; i < 120; i++)
            await shop.PlaceAsync(customer);
        await using var spread = site.Sql.CreateCommand(
            """
            set session_replication_role = replica;
            update orders.events set occurred_at = occurred_at - interval '1 minute' * (("offset" * 7 + partition * 13) % 50) where type = 'order.placed.v1';
            reset session_replication_role
            """);
        await spread.ExecuteNonQueryAsync();
    }

    private static Task TextAsync(IPage page, string selector, string text) =>
        page.Locator(selector).Filter(new() { HasText = text }).WaitForAsync(new() { Timeout = (float)Timeout.TotalMilliseconds });

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(PicturesVariable) is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
