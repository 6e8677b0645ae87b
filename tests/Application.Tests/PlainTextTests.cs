using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Testing;

namespace Monolith.Application.Tests;

[Trait("Category", "Unit")]
public sealed class PlainTextTests
{
    private const int Max = 8;
    private const int Rounds = 20_000;

    /// <summary>Characters that one of the rules treats in a special way, and some others.</summary>
    private static readonly int[] Alphabet =
    [
        'a', 'Z', '-', ' ', '\t', '\n', 0x00, 0x1F, 0x7F, 0x85, 0xA0, 0xAD, 0xE4, 0x301, 0x34F, 0x61C, 0x600, 0x115F, 0x1160, 0x1680,
        0x17B4, 0x180B, 0x180E, 0x180F, 0x2000, 0x200B, 0x200D, 0x2028, 0x202E, 0x2060, 0x2065, 0x2800, 0x2801, 0x3000, 0x3164, 0x3165,
        0xE000, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0, 0xFFFB, 0xFFFD, 0x1BCA0, 0x1D159, 0x1D173, 0x1F468, 0x20000, 0xE0001, 0xE0100, 0x10FFFD,
    ];

    [Theory]
    [InlineData("\u3164")]
    [InlineData("\uFFA0")]
    [InlineData("\u115F\u1160")]
    [InlineData("\u2800")]
    [InlineData("\u180E")]
    [InlineData("\u00AD")]
    [InlineData("\u034F")]
    [InlineData("\u061C")]
    [InlineData("\u200B\u200C\u200D")]
    [InlineData("\u200E\u200F\u202A\u202E\u2066\u2069")]
    [InlineData("\u2060\u2064\u206F\uFEFF")]
    [InlineData("\uFE00\uFE0F")]
    [InlineData("\u17B4\u17B5")]
    [InlineData("\u180B\u180F")]
    [InlineData("\uFFF0\uFFF9\uFFFB")]
    [InlineData("\U0001BCA0")]
    [InlineData("\U0001D159\U0001D173")]
    [InlineData("\U000E0001\U000E0020\U000E007F")]
    [InlineData("\U000E0100\U000E01EF")]
    [InlineData(" \u3164 \u200B\u3000")]
    public void Invisible_text_is_blank(string text)
    {
        PlainText.Fault(text, Max).ShouldBe("Must not be blank.");
        PlainText.IsBlank(text).ShouldBeTrue();
    }

    [Theory]
    [InlineData("a\u3164")]
    [InlineData("\u200Ba")]
    [InlineData("👨\u200D👩\u200D👧")]
    [InlineData("❤\uFE0F")]
    [InlineData("می\u200cخواهم")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E007F")]
    [InlineData("\u0301")]
    [InlineData("\uE000")]
    [InlineData("\U000E1000")]
    [InlineData("\u2801")]
    public void Visible_text_is_accepted(string text)
    {
        PlainText.Fault(text, Max).ShouldBeNull();
        PlainText.IsBlank(text).ShouldBeFalse();
    }

    [Fact]
    public void Lone_surrogates_and_control_characters_are_refused()
    {
        // An attribute cannot contain a lone surrogate.
        foreach (var text in new[] { "\ud800", "a\udc00", "\ude00\ud83d", "a\0b", "a\u007f", "a\u0085b", "a\tb" })
        {
            PlainText.Fault(text, Max).ShouldNotBeNull();
            PlainText.NameFault(text).ShouldNotBeNull();
            PlainText.IsBlank(text).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("東")]
    [InlineData("😀")]
    [InlineData("𠀀")]
    public void Length_is_the_number_of_scalar_values(string character)
    {
        var longest = string.Concat(Enumerable.Repeat(character, Max));
        var longestName = string.Concat(Enumerable.Repeat(character, 1_000));

        PlainText.Fault($"  {longest}\t", Max).ShouldBeNull();
        PlainText.Fault(longest + character, Max).ShouldBe($"Must have at most {Max} characters.");
        PlainText.NameFault(longestName).ShouldBeNull();
        PlainText.NameFault(longestName + character).ShouldNotBeNull();
        PlainText.LengthOf(longest).ShouldBe(Max);
    }

    [Fact]
    public void Documented_constraint_accepts_what_the_rule_accepts()
    {
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        var constraint = PlainText.Constraint(Max);
        // Matches UTF-16 code units, as JavaScript does without a flag, which is stricter.
        var pattern = new Regex(constraint.Pattern!, RegexOptions.CultureInvariant);
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < Rounds; i++)
        {
            var text = string.Concat(random.GetItems(Alphabet, random.Next(Max + 2)).Select(code => new Rune(code).ToString()));
            var shown = string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));
            var isAccepted = PlainText.Fault(text, Max) is null;
            if (isAccepted)
                (pattern.IsMatch(text) && Length(text.Trim(), constraint)).ShouldBeTrue($"{shown} is accepted, {TestSeed.Shown(seed)}");
            // In the basic plane the pattern is equal to the rule.
            else if (text.All(character => !char.IsSurrogate(character) && character != '\u0600'))
                (pattern.IsMatch(text) && Length(text.Trim(), constraint)).ShouldBeFalse($"{shown} is refused, {TestSeed.Shown(seed)}");
            (accepted, refused) = isAccepted ? (accepted + 1, refused) : (accepted, refused + 1);
        }

        Math.Min(accepted, refused).ShouldBeGreaterThan(Rounds / 20);
    }

    private static bool Length(string text, FieldConstraint constraint)
    {
        var length = text.EnumerateRunes().Count();
        return length >= constraint.MinLength && length <= constraint.MaxLength;
    }
}
