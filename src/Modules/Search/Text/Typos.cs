using System.Text;

namespace Monolith.Modules.Search.Text;

/// <summary>
/// How many slips of the hand lie between two words: a letter too many, one missing, one wrong, or two neighbours that changed places; no letter is changed twice (optimal string alignment).
/// </summary>
internal static class Typos
{
    private const int OneFrom = 4;
    private const int TwoFrom = 8;

    /// <summary>The most slips that a query's word of these letters may have: none below four, one from four, two from eight; none in a number, which names something else then.</summary>
    public static int AllowedIn(string word)
    {
        var letters = 0;
        foreach (var character in word.EnumerateRunes())
        {
            if (Rune.IsNumber(character))
                return 0;
            letters++;
        }

        return letters >= TwoFrom ? 2 : letters >= OneFrom ? 1 : 0;
    }

    /// <summary>Whether at most so many slips lie between two words.</summary>
    public static bool AreWithin(string one, string other, int most)
    {
        if (one == other)
            return true;
        // A code point is one or two characters, so that words that differ more in length than that cannot be near.
        if (Math.Abs(one.Length - other.Length) > 2 * most)
            return false;
        return Distance([.. one.EnumerateRunes()], [.. other.EnumerateRunes()], most) <= most;
    }

    private static int Distance(Rune[] one, Rune[] other, int most)
    {
        if (Math.Abs(one.Length - other.Length) > most)
            return most + 1;
        var beforeLast = new int[other.Length + 1];
        var last = new int[other.Length + 1];
        var current = new int[other.Length + 1];
        for (var j = 0; j <= other.Length; j++)
            last[j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            current[0] = i;
            var least = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = one[i - 1] == other[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(last[j] + 1, current[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                least = Math.Min(least, current[j]);
            }

            // Two rows that are over it let nothing below it come after them.
            if (least > most && last.Min() > most)
                return most + 1;
            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[other.Length];
    }
}
