using CsCheck;
using Lucene.Net.Util.Automaton;
using Monolith.Modules.Search.Application.Text;

namespace Monolith.Search.Tests.Text;

/// <summary>The edit distance, compared with the textbook algorithm and with the automata of Lucene.</summary>
[Trait("Category", "Unit")]
public sealed class EditDistanceTests
{
    private static readonly Gen<string> FewLetters = Gen.Char["abcж"].Array[0, 10].Select(letters => new string(letters));

    private static readonly Gen<string> LongWord = FewLetters.Where(word => word.Length >= 4);

    [Theory]
    [InlineData("ab", "ab", 0)]
    [InlineData("ab", "ba", 1)]
    [InlineData("ca", "abc", 3)]
    [InlineData("lovelace", "lovelcae", 1)]
    [InlineData("lovelace", "lvoelcae", 2)]
    [InlineData("muller", "mueller", 1)]
    [InlineData("smith", "smiths", 1)]
    [InlineData("\U0001F600a", "\U0001F601a", 1)]
    public void Edits_are_counted(string one, string other, int distance)
    {
        EditDistance.IsWithin(one, other, distance).ShouldBeTrue();
        if (distance > 0)
            EditDistance.IsWithin(one, other, distance - 1).ShouldBeFalse();
    }

    [Theory]
    [InlineData("abc", 0)]
    [InlineData("abcd", 1)]
    [InlineData("abcdefg", 1)]
    [InlineData("abcdefgh", 2)]
    [InlineData("жжжж", 1)]
    [InlineData("2024", 0)]
    [InlineData("abcd2024", 0)]
    public void Longer_words_allow_more_edits(string word, int maxEdits) => EditDistance.AllowedIn(word).ShouldBe(maxEdits);

    [Fact]
    public void Distance_equals_the_textbook_definition() =>
        Gen.Select(FewLetters, FewLetters, Gen.Int[0, 3]).Sample(
            (one, other, maxEdits) => EditDistance.IsWithin(one, other, maxEdits) == Plain(one, other) <= maxEdits, iter: 20_000);

    [Fact]
    public void Lucene_automata_use_the_same_distance() =>
        Gen.Select(LongWord, FewLetters.Array[1, 40], Gen.Int[1, 2]).Sample((word, others, maxEdits) =>
        {
            var automaton = new CharacterRunAutomaton(new LevenshteinAutomata(word, withTranspositions: true).ToAutomaton(maxEdits));
            foreach (var other in others)
                automaton.Run(other).ShouldBe(EditDistance.IsWithin(word, other, maxEdits), $"{word} {other} {maxEdits}");
        }, iter: 2_000);

    // The textbook algorithm of optimal string alignment.
    private static int Plain(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var known = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    known[i, j] = i + j;
                    continue;
                }

                known[i, j] = Math.Min(
                    known[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1), Math.Min(known[i - 1, j], known[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    known[i, j] = Math.Min(known[i, j], known[i - 2, j - 2] + 1);
            }
        }

        return known[one.Length, other.Length];
    }
}
