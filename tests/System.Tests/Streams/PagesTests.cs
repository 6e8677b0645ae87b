using System.Net;
using Microsoft.Playwright;
using Monolith.System.Tests.Hosting;

namespace Monolith.System.Tests.Streams;

/// <summary>The pages of the host in a browser, which enforces their policies.</summary>
[Trait("Category", "System")]
public sealed class PagesTests(Servers servers)
{
    private const float Timeout = 60_000;

    [Fact]
    public async Task Home_and_docs_load_nothing_external_and_break_no_policy()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = await Site.OpenWholeAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var page = await browser.OpenAsync(1280, 900, ColorScheme.Light);
        var (complaints, requests) = (new List<string>(), new List<string>());
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => requests.Add(request.Url);

        await page.GotoAsync(host.Url.AbsoluteUri);
        (await page.TitleAsync()).ShouldBe("Monolith");
        (await page.Locator("html").GetAttributeAsync("lang")).ShouldBe("en");
        (await page.Locator("h1").CountAsync()).ShouldBe(1);
        // The style of the page is applied. A policy that does not list it would block it.
        (await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('section')).borderTopWidth")).ShouldBe("1px");
        var links = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a')].map(link => link.href)");
        foreach (var path in new[] { "docs", "live", "health/live", "health/ready", "metrics" })
            links.ShouldContain(new Uri(host.Url, path).AbsoluteUri);
        using var http = new HttpClient();
        foreach (var link in links)
        {
            using var answer = await http.GetAsync(link);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, link);
        }

        await page.Locator("a[href='/docs']").ClickAsync();
        // An operation in the list on the left.
        await page.Locator("a[href*='/GET/api/v1/']").First.WaitForAsync(new() { Timeout = Timeout });
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle, new() { Timeout = Timeout });

        complaints.ShouldBeEmpty();
        string[] local = [host.Url.AbsoluteUri, "data:", "blob:"];
        requests.ShouldAllBe(url => local.Any(start => url.StartsWith(start, StringComparison.Ordinal)));
        requests.ShouldContain(new Uri(host.Url, "openapi/v1.json").AbsoluteUri);
    }
}
