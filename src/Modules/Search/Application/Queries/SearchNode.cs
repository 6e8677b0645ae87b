namespace Monolith.Modules.Search.Application.Queries;

/// <summary>
/// A query as a tree whose nodes have the names of Lucene and Elasticsearch. All scores are constants that do not depend on other
/// documents, so every store returns the same hits in the same order.
/// </summary>
internal abstract record SearchNode
{
    /// <summary>Matches terms of one field against one text.</summary>
    public abstract record TermMatch(string Field, string Text, int Score) : SearchNode;

    /// <summary>A field has the term.</summary>
    public sealed record Term(string Field, string Text, int Score) : TermMatch(Field, Text, Score);

    /// <summary>A field has a term that starts with the text.</summary>
    public sealed record Prefix(string Field, string Text, int Score) : TermMatch(Field, Text, Score);

    /// <summary>A field has a term within the edit distance (see <see cref="Application.Text.EditDistance"/>).</summary>
    public sealed record Fuzzy(string Field, string Text, int MaxEdits, int Score) : TermMatch(Field, Text, Score);

    /// <summary>A field has the terms at consecutive positions.</summary>
    public sealed record Phrase(string Field, IReadOnlyList<string> Words, int Score) : SearchNode;

    /// <summary>A field that is not tokenized has one of the values.</summary>
    public sealed record Terms(string Field, IReadOnlyCollection<string> Values, int Score) : SearchNode;

    /// <summary>At least one node matches; the score is the highest one.</summary>
    public sealed record DisMax(IReadOnlyList<SearchNode> Nodes) : SearchNode;

    /// <summary>All nodes match; the score is their sum.</summary>
    public sealed record Must(IReadOnlyList<SearchNode> Nodes) : SearchNode;

    /// <summary>At least one node matches; the score is the sum over those that match.</summary>
    public sealed record Should(IReadOnlyList<SearchNode> Nodes) : SearchNode;
}
