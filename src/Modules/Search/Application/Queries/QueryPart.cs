using Monolith.Modules.Search.Application.Text;

namespace Monolith.Modules.Search.Application.Queries;

/// <summary>A part of a query. A document matches the query if it matches all parts, in any order.</summary>
internal abstract record QueryPart
{
    /// <summary>The query for this part over the fields of an index.</summary>
    public abstract SearchNode In(SearchFields fields);

    /// <summary>The indexes of the words that match this part.</summary>
    public abstract IEnumerable<int> HitsIn(IReadOnlyList<Token> words);

    /// <summary>A word. Matches the same word and, if it is long enough, similar ones; the last word also matches as a prefix.</summary>
    public sealed record Word(string Text, bool IsLast) : QueryPart
    {
        private readonly int maxEdits = EditDistance.AllowedIn(Text);

        public override SearchNode In(SearchFields fields) => new SearchNode.DisMax([.. Matches(fields)]);

        public override IEnumerable<int> HitsIn(IReadOnlyList<Token> words)
        {
            for (var i = 0; i < words.Count; i++)
            {
                var word = words[i].Text;
                if ((IsLast && word.StartsWith(Text, StringComparison.Ordinal)) || EditDistance.IsWithin(Text, word, maxEdits))
                    yield return i;
            }
        }

        private IEnumerable<SearchNode> Matches(SearchFields fields)
        {
            if (fields.Whole is { } whole)
            {
                yield return new SearchNode.Term(whole, Text, Scores.WholeUsername);
                if (IsLast)
                    yield return new SearchNode.Prefix(whole, Text, Scores.UsernamePrefix);
            }

            yield return new SearchNode.Term(fields.Main, Text, Scores.MainWord);
            yield return new SearchNode.Term(fields.Words, Text, Scores.Word);
            if (IsLast)
                yield return new SearchNode.Prefix(fields.Words, Text, Scores.Prefix);
            if (maxEdits >= 1)
                yield return new SearchNode.Fuzzy(fields.Words, Text, MaxEdits: 1, Scores.OneTypo);
            if (maxEdits >= 2)
                yield return new SearchNode.Fuzzy(fields.Words, Text, MaxEdits: 2, Scores.TwoTypos);
        }
    }

    /// <summary>Consecutive words, matched exactly: a quoted phrase, or a run of characters of an unsegmented script.</summary>
    /// <param name="Words">The words.</param>
    /// <param name="IsQuoted">Whether the phrase was quoted; otherwise it scores as one word.</param>
    public sealed record Phrase(IReadOnlyList<string> Words, bool IsQuoted) : QueryPart
    {
        public override SearchNode In(SearchFields fields) => new SearchNode.DisMax(
        [
            new SearchNode.Phrase(fields.Main, Words, IsQuoted ? Scores.MainPhrase : Scores.MainWord),
            new SearchNode.Phrase(fields.Words, Words, IsQuoted ? Scores.Phrase : Scores.Word),
        ]);

        public override IEnumerable<int> HitsIn(IReadOnlyList<Token> words)
        {
            for (var first = 0; first + Words.Count <= words.Count; first++)
            {
                if (!Words.Select((word, i) => words[first + i].Text == word).All(same => same))
                    continue;
                for (var i = 0; i < Words.Count; i++)
                    yield return first + i;
            }
        }
    }

    /// <summary>
    /// Words joined by punctuation, such as <c>jean-luc</c> or <c>ada.lovelace</c>. Matches all words, or a unique name that is their
    /// concatenation.
    /// </summary>
    public sealed record Compound(IReadOnlyList<QueryPart> Parts, string Joined) : QueryPart
    {
        public override SearchNode In(SearchFields fields)
        {
            var all = new SearchNode.Must([.. Parts.Select(part => part.In(fields))]);
            return fields.Whole is { } whole
                ? new SearchNode.DisMax([new SearchNode.Term(whole, Joined, Parts.Count * Scores.WholeUsername), all])
                : all;
        }

        public override IEnumerable<int> HitsIn(IReadOnlyList<Token> words) => Parts.SelectMany(part => part.HitsIn(words));
    }
}
