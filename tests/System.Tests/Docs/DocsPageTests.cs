using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Streams;
using Monolith.Testing;

namespace Monolith.System.Tests.Docs;

/// <summary>The API documents and their page in a browser, whose regular expressions differ from those of .NET.</summary>
[Trait("Category", "System")]
public sealed class DocsPageTests(Servers servers)
{
    private const string PicturesVariable = "MONOLITH_TEST_PICTURES";
    private const int Texts = 2_000;
    private const int LongestText = 12;
    private const float TimeoutMilliseconds = 120_000;

    private static readonly string[] Documents = ["openapi/v1.json", "openapi/admin.json"];

    // The page must not offer these links to services of its vendor.
    private static readonly string[] Foreign =
        ["Deploy", "Generate SDK", "Open API Client", "Ask AI", "Connect MCP", "Generate MCP", "Share"];

    // Characters that matter to a text rule, or represent all others.
    private static readonly int[] Alphabet =
    [
        'a', 'Z', '-', '.', '_', ' ', '\t', '\n', 0x85, 0xA0, 0xAD, 0xE4, 0x301, 0x34F, 0x61C, 0x600, 0x115F, 0x1680, 0x180B, 0x2000,
        0x200B, 0x200D, 0x2028, 0x2060, 0x2800, 0x2801, 0x3000, 0x3164, 0xE000, 0xFE0F, 0xFEFF, 0xFFFD, 0x1D159, 0x1F468, 0x20000, 0xE0001,
        0x10FFFD,
    ];

    [Fact]
    public async Task Page_shows_short_names_and_no_foreign_buttons()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = await Site.OpenWholeAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var page = await browser.OpenAsync(1280, 900, ColorScheme.Light);
        var requests = new List<string>();
        page.Request += (_, request) => requests.Add(request.Url);

        await page.GotoAsync(new Uri(host.Url, "docs").AbsoluteUri);
        var sidebar = page.Locator("aside").GetByText("Analytics").First;
        try
        {
            await sidebar.WaitForAsync(new() { Timeout = TimeoutMilliseconds });
        }
        finally
        {
            await PictureAsync(page, "docs");
        }

        foreach (var name in Foreign)
            (await page.GetByText(name, new() { Exact = false }).Filter(new() { Visible = true }).CountAsync()).ShouldBe(0, name);
        requests.Where(url => url.StartsWith("http", StringComparison.Ordinal))
            .ShouldAllBe(url => url.StartsWith(host.Url.AbsoluteUri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Patterns_are_valid_JavaScript_and_accept_all_valid_text()
    {
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        await using var browser = await Browser.StartAsync();
        await using var site = await Site.OpenWholeAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = host.Url };
        var patterns = new HashSet<string>();
        foreach (var document in Documents)
            patterns.UnionWith(PatternsOf(JsonNode.Parse(await client.GetStringAsync(new Uri(document, UriKind.Relative)))));
        patterns.Count.ShouldBeGreaterThan(5);
        var page = await browser.OpenAsync(640, 480, ColorScheme.Light);

        var broken = await page.EvaluateAsync<string[]>(
            """
            patterns => patterns.filter(pattern => ['', 'u'].some(flag => {
                try { new RegExp(pattern, flag); return false; } catch { return true; }
            }))
            """,
            patterns);
        broken.ShouldBeEmpty();

        var text = PlainText.Constraint(LongestText).Pattern!;
        patterns.ShouldContain(text);
        var accepted = Random(seed).Where(candidate => PlainText.Fault(candidate, LongestText) is null).ToArray();
        accepted.Length.ShouldBeGreaterThan(Texts / 20);
        var refused = await page.EvaluateAsync<string[]>(
            "([pattern, texts]) => texts.filter(text => ['', 'u'].some(flag => !new RegExp(pattern, flag).test(text)))",
            new object[] { text, accepted });
        refused.Select(Shown).ShouldBeEmpty(TestSeed.Shown(seed));
    }

    [Fact]
    public async Task Invisible_characters_are_those_of_Unicode()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(640, 480, ColorScheme.Light);

        var ignorable = await page.EvaluateAsync<int[]>(
            """
            () => [...Array(0x110000).keys()].filter(code => (code < 0xD800 || code > 0xDFFF)
                && /[\p{Default_Ignorable_Code_Point}\p{White_Space}]/u.test(String.fromCodePoint(code)))
            """);

        ignorable.Length.ShouldBeGreaterThan(4_000);
        ignorable.Select(code => new Rune(code)).Where(PlainText.IsVisible).Select(rune => Shown(rune.ToString())).ShouldBeEmpty();
    }

    private static IEnumerable<string> PatternsOf(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member =>
            member is { Key: "pattern", Value: JsonValue value } ? [(string)value!] : PatternsOf(member.Value)),
        JsonArray items => items.SelectMany(PatternsOf),
        _ => [],
    };

    private static IEnumerable<string> Random(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Texts; i++)
            yield return string.Concat(random.GetItems(Alphabet, random.Next(LongestText + 2)).Select(code => new Rune(code).ToString()));
    }

    private static string Shown(string text) =>
        string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(PicturesVariable) is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }
}
