namespace Monolith.Benchmarks.CatchUp;

/// <summary>
/// Synthetic names of people with the frequencies of real ones (Zipf). They are the same in every run.
/// </summary>
internal sealed class PersonNames
{
    private const int FirstNames = 2_000;
    private const int FirstSyllables = 3;
    private const int LastNames = 50_000;
    private const int LastSyllables = 4;
    private const int Seed = 2;

    /// <summary>
    /// Coprime to the number of names that the syllables can form: neighbours in rank are not neighbours in the alphabet.
    /// </summary>
    private const int Stride = 7_919;

    private static readonly string[] Syllables =
        ["ba", "ri", "lo", "men", "ta", "vik", "sor", "na", "del", "mu", "gra", "hen", "li", "ko", "fer", "ast", "un", "ber", "zol", "pe"];

    private readonly ZipfRanks first = new(FirstNames);
    private readonly ZipfRanks last = new(LastNames);
    private readonly Random random = new(Seed);

    /// <summary>The next person's first and last name.</summary>
    public (string First, string Last) Next() => (Name(first.Draw(random), FirstSyllables), Name(last.Draw(random), LastSyllables));

    private static string Name(int rank, int syllables)
    {
        var number = (long)rank * Stride % (long)Math.Pow(Syllables.Length, syllables);
        var name = "";
        for (var i = 0; i < syllables; i++, number /= Syllables.Length)
            name += Syllables[number % Syllables.Length];
        return char.ToUpperInvariant(name[0]) + name[1..];
    }
}
