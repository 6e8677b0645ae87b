using System.Text.RegularExpressions;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>The documentation page loads resources from the host only.</summary>
[Trait("Category", "System")]
public sealed partial class DocsPageTests(OpenHost host)
{
    [Fact]
    public async Task Docs_page_names_both_documents_and_loads_its_script_locally()
    {
        await host.RunningAsync();
        var page = await host.Client.GetStringAsync(new Uri("/docs", UriKind.Relative));

        page.ShouldContain("\"openapi/v1.json\"");
        page.ShouldContain("\"openapi/admin.json\"");
        var loaded = Loaded().Matches(page).Select(match => match.Groups["url"].Value).ToArray();
        loaded.ShouldNotBeEmpty();
        foreach (var url in loaded)
        {
            using var answer = await host.Client.GetAsync(new Uri(new Uri(host.Client.BaseAddress!, "/docs/"), url));
            answer.RequestMessage!.RequestUri!.Authority.ShouldBe(host.Client.BaseAddress!.Authority, url);
            ((int)answer.StatusCode).ShouldBe(200, url);
        }
    }

    [GeneratedRegex("""(?:src|href)="(?<url>[^"]+)"|from '(?<url>[^']+)'""")]
    private static partial Regex Loaded();
}
