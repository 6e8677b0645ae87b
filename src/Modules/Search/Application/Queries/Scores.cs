namespace Monolith.Modules.Search.Application.Queries;

/// <summary>The score of a query word by its match. The score of a hit is the sum over all words, each with its best match.</summary>
internal static class Scores
{
    public const int WholeUsername = 100;

    /// <summary>A phrase in the main field: a name of a customer or an item.</summary>
    public const int MainPhrase = 80;

    /// <summary>A phrase in another field.</summary>
    public const int Phrase = 70;

    /// <summary>A word of the main field.</summary>
    public const int MainWord = 60;

    /// <summary>A word of another field.</summary>
    public const int Word = 50;

    public const int UsernamePrefix = 40;

    /// <summary>A prefix of a word.</summary>
    public const int Prefix = 30;

    public const int OneTypo = 20;

    public const int TwoTypos = 10;
}
