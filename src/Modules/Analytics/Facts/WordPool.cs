namespace Monolith.Modules.Analytics.Facts;

/// <summary>
/// Keeps words that come again and again (products, cities, currencies) once: each event brings its own copy of them, and a build that folds in memory would hold them all. Its size is fixed; a word that
/// takes another's place costs no more than a copy.
/// </summary>
internal sealed class WordPool
{
    private const int Size = 1 << 14;

    private readonly string?[] words = new string?[Size];

    /// <summary>The same word, as a rule the same object. Safe from several threads: a place holds one whole word or another.</summary>
    public string Of(string word)
    {
        ref var place = ref words[word.GetHashCode() & (Size - 1)];
        if (place is { } known && known == word)
            return known;
        place = word;
        return word;
    }
}
