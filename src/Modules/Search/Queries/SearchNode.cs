namespace Monolith.Modules.Search.Queries;

/// <summary>
/// What a document must have, and what that is worth. The worth is a whole number that does not depend on other documents: every store gives the same hits in the same order.
/// </summary>
internal abstract record SearchNode
{
    /// <summary>A way to find one word in a field.</summary>
    public abstract record Way(string Field, string Text, int Score) : SearchNode;

    /// <summary>A field has a word.</summary>
    public sealed record Word(string Field, string Text, int Score) : Way(Field, Text, Score);

    /// <summary>A field has a word that begins so.</summary>
    public sealed record Prefix(string Field, string Text, int Score) : Way(Field, Text, Score);

    /// <summary>A field has a word with at most so many slips of the hand (see <see cref="Search.Text.Typos"/>).</summary>
    public sealed record Typo(string Field, string Text, int Most, int Score) : Way(Field, Text, Score);

    /// <summary>A field has these words, one right after the other.</summary>
    public sealed record Phrase(string Field, IReadOnlyList<string> Words, int Score) : SearchNode;

    /// <summary>A field, not parted into words, is one of these.</summary>
    public sealed record OneOf(string Field, IReadOnlyCollection<string> Values, int Score) : SearchNode;

    /// <summary>One of these; the best counts.</summary>
    public sealed record Best(IReadOnlyList<SearchNode> Nodes) : SearchNode;

    /// <summary>All of these; the sum counts.</summary>
    public sealed record All(IReadOnlyList<SearchNode> Nodes) : SearchNode;

    /// <summary>One or more of these; the sum of those counts.</summary>
    public sealed record Some(IReadOnlyList<SearchNode> Nodes) : SearchNode;
}
