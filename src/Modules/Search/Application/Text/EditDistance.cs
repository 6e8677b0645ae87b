using System.Text;

namespace Monolith.Modules.Search.Application.Text;

/// <summary>
/// The optimal string alignment distance: the number of inserted, deleted or substituted letters and of swapped neighbours, where no
/// letter is edited twice. The Levenshtein automata of Lucene with transpositions use the same definition.
/// </summary>
internal static class EditDistance
{
    private const int MinLettersForOne = 4;
    private const int MinLettersForTwo = 8;

    /// <summary>
    /// The maximum distance for a query word: 0 below four letters, 1 from four, 2 from eight. 0 if it has a digit, since another number
    /// is another thing.
    /// </summary>
    public static int AllowedIn(string word)
    {
        var letters = 0;
        foreach (var character in word.EnumerateRunes())
        {
            if (Rune.IsNumber(character))
                return 0;
            letters++;
        }

        return letters >= MinLettersForTwo ? 2 : letters >= MinLettersForOne ? 1 : 0;
    }

    /// <summary>Whether the distance of two words is at most <paramref name="maxEdits"/>.</summary>
    public static bool IsWithin(string one, string other, int maxEdits)
    {
        if (one == other)
            return true;
        // A code point has one or two UTF-16 characters.
        if (Math.Abs(one.Length - other.Length) > 2 * maxEdits)
            return false;
        return Of([.. one.EnumerateRunes()], [.. other.EnumerateRunes()], maxEdits) <= maxEdits;
    }

    private static int Of(Rune[] one, Rune[] other, int maxEdits)
    {
        if (Math.Abs(one.Length - other.Length) > maxEdits)
            return maxEdits + 1;
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

            // A cell depends on the two rows above it: once both exceed the maximum, all later rows do.
            if (least > maxEdits && last.Min() > maxEdits)
                return maxEdits + 1;
            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[other.Length];
    }
}
