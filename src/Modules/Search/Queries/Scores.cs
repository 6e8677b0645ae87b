namespace Monolith.Modules.Search.Queries;

/// <summary>What a word of a query is worth by how it was found. A hit's score is the sum over the query's words, each by its best.</summary>
internal static class Scores
{
    /// <summary>It is the username, whole.</summary>
    public const int WholeUsername = 100;

    /// <summary>A phrase, in the field that the document is known by: a name, the name of an item.</summary>
    public const int MainPhrase = 80;

    /// <summary>A phrase, elsewhere.</summary>
    public const int Phrase = 70;

    /// <summary>The word, in the field that the document is known by.</summary>
    public const int MainWord = 60;

    /// <summary>The word, elsewhere.</summary>
    public const int Word = 50;

    /// <summary>The beginning of the username.</summary>
    public const int UsernamePrefix = 40;

    /// <summary>The beginning of a word.</summary>
    public const int Prefix = 30;

    /// <summary>A word with one slip of the hand.</summary>
    public const int OneTypo = 20;

    /// <summary>A word with two.</summary>
    public const int TwoTypos = 10;
}
