using CsCheck;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Search.Tests.Queries;

[Trait("Category", "Unit")]
public sealed class QueryTextTests
{
    private static readonly SearchFields Fields = new("words", "names", "username");

    [Theory]
    [InlineData("ada", "ada*")]
    [InlineData("Ada LOVELACE", "ada lovelace*")]
    [InlineData("  ada  ", "ada*")]
    [InlineData("\"Ada Lovelace\"", "[ada lovelace]")]
    [InlineData("\"Ada Lovelace\" eng", "[ada lovelace] eng*")]
    [InlineData("eng \"Ada Lovelace\"", "eng [ada lovelace]")]
    [InlineData("“Ada Lovelace”", "[ada lovelace]")]
    [InlineData("„Ada Lovelace“ «x y»", "[ada lovelace] [x y]")]
    [InlineData("\"Ada Love", "ada love*")]
    [InlineData("\"\" ada", "ada*")]
    [InlineData("jean-luc picard", "(jean luc = jeanluc) picard*")]
    [InlineData("ada.lov", "(ada lov* = adalov)")]
    [InlineData("O'Brien", "obrien*")]
    [InlineData("東京", "<東 京>")]
    [InlineData("東京 tower", "<東 京> tower*")]
    [InlineData("tower東京", "(tower <東 京> = tower東京)")]
    [InlineData("東", "東*")]
    [InlineData("ad* AND -x OR /a.b/~2", "ad and x or (a b 2* = ab2)")]
    [InlineData("a\u0000b", "(a b* = ab)")]
    public void Query_is_parsed(string text, string parts)
    {
        QueryText.ErrorOf(text).ShouldBeNull();
        string.Join(' ', QueryText.Parse(text).Parts.Select(Written)).ShouldBe(parts);
    }

    [Theory]
    [InlineData(null, "Is required.")]
    [InlineData("", "Must have a letter or a digit.")]
    [InlineData("   ", "Must have a letter or a digit.")]
    [InlineData("***???", "Must have a letter or a digit.")]
    [InlineData("\"\"", "Must have a letter or a digit.")]
    [InlineData("\u0001\u0002\uD800", "Must have a letter or a digit.")]
    [InlineData("\u3164", "Must have a letter or a digit.")]
    [InlineData("\u115F \uFFA0\u200B", "Must have a letter or a digit.")]
    [InlineData("a b c d e f g h i j k l m n o p q", "Must have at most 16 words.")]
    public void Empty_or_too_long_query_is_rejected(string? text, string fault) => QueryText.ErrorOf(text).ShouldBe(fault);

    [Fact]
    public void Query_above_the_maximum_length_is_rejected()
    {
        QueryText.ErrorOf(new string('a', 10_000)).ShouldBe("Must have at most 256 characters.");
        QueryText.ErrorOf(new string('a', QueryText.MaxLength)).ShouldBeNull();
        QueryText.ErrorOf(string.Concat(Enumerable.Repeat("東", QueryText.MaxLength))).ShouldBeNull("a run is one word");
    }

    [Theory]
    [InlineData("𠀀")]
    [InlineData("𝒜")]
    public void Characters_beyond_the_basic_plane_count_once(string character)
    {
        QueryText.ErrorOf(string.Concat(Enumerable.Repeat(character, QueryText.MaxLength))).ShouldBeNull();
        QueryText.ErrorOf(string.Concat(Enumerable.Repeat(character, QueryText.MaxLength + 1))).ShouldBe(
            "Must have at most 256 characters.");
    }

    [Fact]
    public void Any_text_is_rejected_or_parsed() => Gen.Char.Array[0, 300].Select(characters => new string(characters)).Sample(text =>
    {
        if (QueryText.ErrorOf(text) is null)
            QueryText.Parse(text).Parts.Count.ShouldBeInRange(1, QueryText.MaxWords);
    });

    [Fact]
    public void Better_matches_score_higher()
    {
        var fields = new Dictionary<string, string>
        {
            ["username"] = "adalovelace",
            ["names"] = "augusta king",
            ["words"] = "ada lovelace | augusta king | countess example org",
        };
        int? Score(string query) => NodeScore.Of(QueryText.Parse(query).In(Fields), fields);

        Score("adalovelace").ShouldBe(Scores.WholeUsername);
        Score("ada.lovelace").ShouldBe(2 * Scores.WholeUsername);
        Score("king").ShouldBe(Scores.MainWord);
        Score("countess").ShouldBe(Scores.Word);
        Score("ada").ShouldBe(Scores.Word, "the better of two matches: a word and a prefix of the username");
        Score("adal").ShouldBe(Scores.UsernamePrefix);
        Score("count").ShouldBe(Scores.Prefix);
        Score("countses").ShouldBe(Scores.OneTypo);
        Score("cuontses").ShouldBe(Scores.TwoTypos);
        Score("\"augusta king\"").ShouldBe(Scores.MainPhrase);
        Score("\"ada lovelace\"").ShouldBe(Scores.Phrase);
        Score("\"lovelace augusta\"").ShouldBeNull("phrases do not match across texts");
        Score("king augusta").ShouldBe(2 * Scores.MainWord);
        Score("king stranger").ShouldBeNull("all words must match");
        Score("coun king").ShouldBeNull("only the last word may be a prefix");
    }

    private static string Written(QueryPart part) => part switch
    {
        QueryPart.Word word => word.Text + (word.IsLast ? "*" : ""),
        QueryPart.Phrase { IsQuoted: true } phrase => $"[{string.Join(' ', phrase.Words)}]",
        QueryPart.Phrase phrase => $"<{string.Join(' ', phrase.Words)}>",
        QueryPart.Compound compound => $"({string.Join(' ', compound.Parts.Select(Written))} = {compound.Joined})",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };
}
