using System.Net;
using CsCheck;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Search.Tests.Queries;

[Trait("Category", "Unit")]
public sealed class HighlighterTests
{
    private static readonly Gen<string> Hostile = Gen.OneOf(
        "<em>", "</em>", "<script>", "<", ">", "&", "&amp;", "\"", "'", "ada", "Ådä", "o'brien", "東京", "½", " ", "-", "\uD83D\uDE00",
        "e\u0301").Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> ValidQuery = Hostile.Where(query => QueryText.ErrorOf(query) is null);

    [Theory]
    [InlineData("Ada Lovelace", "ada", "<em>Ada</em> Lovelace")]
    [InlineData("Ada Lovelace", "lovelace ada", "<em>Ada</em> <em>Lovelace</em>")]
    [InlineData("Müller", "muller", "<em>Müller</em>")]
    [InlineData("Müller", "mulle", "<em>Müller</em>")]
    [InlineData("Müller", "Mulelr", "<em>Müller</em>")]
    [InlineData("Conan O’Brien", "obrien", "Conan <em>O’Brien</em>")]
    [InlineData("Jean-Luc Picard", "jean-luc", "<em>Jean</em>-<em>Luc</em> Picard")]
    [InlineData("東京タワー", "東京", "<em>東京</em>タワー")]
    [InlineData("Ada Lovelace, Ada", "\"ada lovelace\"", "<em>Ada</em> <em>Lovelace</em>, Ada")]
    [InlineData("<b>Ada</b> & Bo", "ada", "&lt;b&gt;<em>Ada</em>&lt;/b&gt; &amp; Bo")]
    [InlineData("Ada", "grace", null)]
    [InlineData("", "grace", null)]
    public void Hits_are_marked(string text, string query, string? html) => Highlighter.Of(text, QueryText.Parse(query)).ShouldBe(html);

    [Fact]
    public void No_markup_of_the_data_survives() => Gen.Select(Hostile, ValidQuery).Sample((text, query) =>
    {
        if (Highlighter.Of(text, QueryText.Parse(query)) is not { } html)
            return;
        var plain = html.Replace("<em>", "").Replace("</em>", "");
        plain.ShouldNotContain('<');
        plain.ShouldNotContain('>');
        plain.ShouldNotContain('"');
        plain.ShouldNotContain('\'');
        WebUtility.HtmlDecode(plain).ShouldBe(text, "all of the text is there");
        Depths(html).ShouldAllBe(depth => depth == 0 || depth == 1);
    });

    private static IEnumerable<int> Depths(string html)
    {
        var depth = 0;
        for (var i = 0; i < html.Length; i++)
        {
            if (html.AsSpan(i).StartsWith("<em>"))
                yield return ++depth;
            else if (html.AsSpan(i).StartsWith("</em>"))
                yield return --depth;
        }
    }
}
