using System.Text.RegularExpressions;
using Monolith.Host.Pages;
using Monolith.Host.Tests.OpenApi;

namespace Monolith.Host.Tests.Edge;

/// <summary>The page at <c>/</c> describes the host and loads no other resource.</summary>
[Trait("Category", "System")]
public sealed partial class HomePageTests(OpenHost host)
{
    [Fact]
    public async Task Home_page_links_the_other_pages_without_script()
    {
        await host.RunningAsync();
        using var answer = await host.Client.GetAsync(new Uri("/", UriKind.Relative));

        ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()).ShouldBe((200, "text/html; charset=utf-8"));
        var page = await answer.Content.ReadAsStringAsync();
        foreach (var path in new[] { "/docs", "/live", "/health/live", "/health/ready", "/metrics" })
            page.ShouldContain($"href=\"{path}\"");
        page.ShouldContain("<html lang=\"en\">");
        page.ShouldContain("<title>Monolith</title>");
        page.ShouldContain("<h1>");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("://");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/live")]
    [InlineData("/docs")]
    public async Task Page_policy_allows_no_other_site(string path)
    {
        await host.RunningAsync();
        using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));

        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldStartWith("default-src 'none'; ");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("http");
        ScriptSource().Match(policy).Value.ShouldNotContain("unsafe");
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
    }

    [Fact]
    public void Policy_allows_only_content_of_the_page()
    {
        HtmlPage.PolicyOf("<style>a { }</style><p>text</p>").ShouldContain("script-src 'none'; style-src 'sha256-");
        HtmlPage.PolicyOf("<script>run()</script>").ShouldContain("script-src 'sha256-");
        HtmlPage.PolicyOf("<script>a\r\nb</script>").ShouldBe(HtmlPage.PolicyOf("<script>a\nb</script>"));
    }

    [GeneratedRegex("script-src [^;]*")]
    private static partial Regex ScriptSource();
}
