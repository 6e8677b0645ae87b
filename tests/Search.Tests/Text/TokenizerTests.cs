using System.Text;
using CsCheck;
using Monolith.Modules.Search.Application.Text;

namespace Monolith.Search.Tests.Text;

[Trait("Category", "Unit")]
public sealed class TokenizerTests
{
    // Any UTF-16, with lone surrogates and control characters.
    private static readonly Gen<string> AnyText = Gen.OneOf<string>(
        Gen.Char.Array[0, 40].Select(characters => new string(characters)),
        Gen.OneOf(
            "ä", "e\u0301", "ß", "Ł", "'", "-", " ", "|", "\u0000", "\uD83D", "東", "김", "\u1100\u1161", "カ\u3099", "ﷺ", "½", "a", "B",
            "7", "\u200D", "שָׁ", "क्षि").Array[0, 30].Select(string.Concat));

    [Theory]
    [InlineData("Jürgen MÜLLER", "jurgen muller")]
    [InlineData("u\u0308ber", "uber")]
    [InlineData("Straße STRASSE Strẞe", "strasse strasse strsse")]
    [InlineData("Łukasz Żółć", "lukasz zolc")]
    [InlineData("Søren Ærø Œuvre Þór Đorđe", "soren aero oeuvre thor dorde")]
    [InlineData("İsmail Yıldız IŞIK", "ismail yildiz isik")]
    [InlineData("Guðrún", "gudrun")]
    [InlineData("Nguyễn Văn Đức", "nguyen van duc")]
    [InlineData("O'Brien O’Brien O`Brien o\u02BCbrien OʹBrien", "obrien obrien obrien obrien obrien")]
    [InlineData("'quoted'", "quoted")]
    [InlineData("Jean-Luc Smith–Jones", "jean luc smith jones")]
    [InlineData("ada.lovelace_1@example.org", "ada lovelace 1 example org")]
    [InlineData("ﬁn ＡＢＣ Ⅷ 5² ½", "fin abc viii 52 1 2")]
    [InlineData("٣٤٥ ३४", "345 34")]
    [InlineData("Семён Йод Їжак", "семен иод іжак")]
    [InlineData("Γιώργος ΟΔΥΣΣΕΑΣ", "γιωργοσ οδυσσεασ")]
    [InlineData("مُحَمَّد الأحمد کریمی مـــد", "محمد الاحمد كريمي مد")]
    [InlineData("דָּוִד כֹּהֵן", "דוד כהן")]
    [InlineData("東京tower 京都", "東 京 tower 京 都")]
    [InlineData("ガガ ｶﾞ カ\u3099 パ", "ガ ガ ガ ガ パ")]
    [InlineData("한국 \u1112\u1161\u11AB ㅎㅏ", "한 국 한 하")]
    [InlineData("สมชาย ใจดี", "ส ม ช า ย ใ จ ดี")]
    [InlineData("प्रिया", "प्रिया")]
    [InlineData("soft\u00ADhyphen zero\u200Dwidth zero\u200Bspace", "softhyphen zerowidth zero space")]
    [InlineData("a\u0000b\u0007c\nd", "a b c d")]
    [InlineData("*?.[a-z]+$ \\d{3} ~2 AND (x OR y)", "a z d 3 2 and x or y")]
    [InlineData("*** ??? ''' |", "")]
    [InlineData("", "")]
    public void Text_is_split_into_folded_words(string text, string words) =>
        string.Join(' ', Tokenizer.Tokens(text).Select(token => token.Text)).ShouldBe(words);

    [Fact]
    public void Lone_surrogates_separate_words() =>
        Tokenizer.Tokens("a\uD83Db\uDE00c").Select(token => token.Text).ShouldBe(["a", "b", "c"]);

    [Fact]
    public void Token_has_its_position_in_the_text()
    {
        const string Text = "¡O’Brien, Straße! e\u0301te\u0301 'Ada'";
        Tokenizer.Tokens(Text).Select(token => Text[token.Start..token.End]).ShouldBe(["O’Brien", "Straße", "e\u0301te\u0301", "Ada"]);
    }

    [Fact]
    public void Token_follows_only_without_a_separator()
    {
        Tokenizer.Tokens("東京 京").Select(token => token.Follows).ShouldBe([false, true, false]);
        Tokenizer.Tokens("東、京").Select(token => token.Follows).ShouldBe([false, false]);
    }

    [Fact]
    public void Token_length_and_count_are_limited()
    {
        Tokenizer.Tokens(new string('a', 10_000)).ShouldHaveSingleItem().Text.Length.ShouldBe(Tokenizer.MaxTokenLength);
        Tokenizer.Tokens(string.Concat(Enumerable.Repeat("a ", 10_000))).Count.ShouldBe(Tokenizer.MaxTokens);
        Tokenizer.Tokens(string.Concat(Enumerable.Repeat("東", 10_000))).Count.ShouldBe(Tokenizer.MaxTokens);
        Tokenizer.Tokens(string.Concat(Enumerable.Repeat("ﷺ", 10_000))).Count.ShouldBe(Tokenizer.MaxTokens);
    }

    [Fact]
    public void Folding_is_idempotent() => AnyText.Sample(text =>
    {
        var once = FieldText.Of(text);
        FieldText.Of(once).ShouldBe(once);
    });

    [Fact]
    public void Tokens_of_any_text_are_ordered_and_valid() => AnyText.Sample(text =>
    {
        var tokens = Tokenizer.Tokens(text);
        for (var i = 0; i < tokens.Count; i++)
        {
            tokens[i].Text.ShouldNotBeEmpty();
            tokens[i].Text.ShouldNotContain(" ");
            tokens[i].Text.ShouldNotContain(FieldText.Gap);
            tokens[i].Text.EnumerateRunes().ShouldNotContain(Rune.ReplacementChar);
            tokens[i].Start.ShouldBeGreaterThanOrEqualTo(i == 0 ? 0 : tokens[i - 1].Start);
            tokens[i].End.ShouldBeInRange(tokens[i].Start + 1, text.Length);
        }
    });

    [Fact]
    public void Folded_characters_are_not_folded_again()
    {
        var looked = 0;
        for (var code = 0; code < 0x110000; code++)
        {
            if (!Rune.TryCreate(code, out var character) || CharacterFolding.Of(character) is not { } folded)
                continue;
            looked++;
            foreach (var part in folded.EnumerateRunes())
                (CharacterFolding.Of(part) ?? part.ToString()).ShouldBe(part.ToString(), $"U+{code:X4}");
        }

        looked.ShouldBeGreaterThan(8000);
    }

    [Fact]
    public void Phrases_do_not_match_across_texts()
    {
        FieldText.Of("Ada", "Lovelace").ShouldBe("ada | lovelace");
        FieldText.Of("", "Lovelace", "").ShouldBe("lovelace |");
        FieldText.Joined("ada.lovelace-1").ShouldBe("adalovelace1");
    }
}
