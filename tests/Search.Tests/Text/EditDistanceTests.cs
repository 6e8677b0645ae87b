using CsCheck;
using Lucene.Net.Util.Automaton;
using Monolith.Modules.Search.Application.Text;

namespace Monolith.Search.Tests.Text;

/// <summary>The rule for slips of the hand, against a plain recursion and against the automata of Lucene, which must mean the same.</summary>
[Trait("Category", "Unit")]
public sealed class EditDistanceTests
{
    private static readonly Gen<string> FewLetters = Gen.Char["abcж"].Array[0, 10].Select(letters => new string(letters));

    [Theory]
    [InlineData("ab", "ab", 0)]
    [InlineData("ab", "ba", 1)]
    [InlineData("ca", "abc", 3)]
    [InlineData("lovelace", "lovelcae", 1)]
    [InlineData("lovelace", "lvoelcae", 2)]
    [InlineData("muller", "mueller", 1)]
    [InlineData("smith", "smiths", 1)]
    [InlineData("\U0001F600a", "\U0001F601a", 1)]
    public void Slips_are_counted(string one, string other, int distance)
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
    public void Longer_words_may_have_more(string word, int most) => EditDistance.AllowedIn(word).ShouldBe(most);

    [Fact]
    public void The_distance_is_that_of_the_plain_recursion() => Gen.Select(FewLetters, FewLetters, Gen.Int[0, 3]).Sample((one, other, most) =>
        EditDistance.IsWithin(one, other, most) == Plain(one, other) <= most, iter: 20_000);

    [Fact]
    public void Lucene_means_the_same() => Gen.Select(FewLetters.Where(word => word.Length >= 4), FewLetters.Array[1, 40], Gen.Int[1, 2]).Sample((word, others, most) =>
    {
        var automaton = new CharacterRunAutomaton(new LevenshteinAutomata(word, withTranspositions: true).ToAutomaton(most));
        foreach (var other in others)
            automaton.Run(other).ShouldBe(EditDistance.IsWithin(word, other, most), $"{word} {other} {most}");
    }, iter: 2_000);

    // Optimal string alignment as it is written in books.
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

                known[i, j] = Math.Min(known[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1), Math.Min(known[i - 1, j], known[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    known[i, j] = Math.Min(known[i, j], known[i - 2, j - 2] + 1);
            }
        }

        return known[one.Length, other.Length];
    }
}
