using Monolith.Modules.Search.Text;

namespace Monolith.Modules.Search.Queries;

/// <summary>A part of a query: a document that matches has all of them, in any order.</summary>
internal abstract record QueryPart
{
    /// <summary>How a document is found by this part.</summary>
    public abstract SearchNode In(SearchFields fields);

    /// <summary>Which of a text's words are hits of this part, by their place among them.</summary>
    public abstract IEnumerable<int> HitsIn(IReadOnlyList<Token> words);

    /// <summary>A word: as it is, with slips of the hand where it is long enough, and as a beginning where it is the last of the query.</summary>
    public sealed record Word(string Text, bool IsLast) : QueryPart
    {
        private readonly int typos = Typos.AllowedIn(Text);

        public override SearchNode In(SearchFields fields) => new SearchNode.Best([.. Ways(fields)]);

        public override IEnumerable<int> HitsIn(IReadOnlyList<Token> words)
        {
            for (var i = 0; i < words.Count; i++)
            {
                if ((IsLast && words[i].Text.StartsWith(Text, StringComparison.Ordinal)) || Typos.AreWithin(Text, words[i].Text, typos))
                    yield return i;
            }
        }

        private IEnumerable<SearchNode> Ways(SearchFields fields)
        {
            if (fields.Whole is { } whole)
            {
                yield return new SearchNode.Word(whole, Text, Scores.WholeUsername);
                if (IsLast)
                    yield return new SearchNode.Prefix(whole, Text, Scores.UsernamePrefix);
            }

            yield return new SearchNode.Word(fields.Main, Text, Scores.MainWord);
            yield return new SearchNode.Word(fields.Words, Text, Scores.Word);
            if (IsLast)
                yield return new SearchNode.Prefix(fields.Words, Text, Scores.Prefix);
            if (typos >= 1)
                yield return new SearchNode.Typo(fields.Words, Text, Most: 1, Scores.OneTypo);
            if (typos >= 2)
                yield return new SearchNode.Typo(fields.Words, Text, Most: 2, Scores.TwoTypos);
        }
    }

    /// <summary>Words in a row, each as it is: what stood in quotes, or a run of a script that is searched by characters.</summary>
    /// <param name="Words">The words.</param>
    /// <param name="IsQuoted">Whether the caller asked for a phrase; else it counts as one word.</param>
    public sealed record Phrase(IReadOnlyList<string> Words, bool IsQuoted) : QueryPart
    {
        public override SearchNode In(SearchFields fields) => new SearchNode.Best(
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

    /// <summary>What the caller wrote without a space, but with something between its words: <c>jean-luc</c>, <c>ada.lovelace</c>. All of them, or a name that is all of them in one.</summary>
    public sealed record Compound(IReadOnlyList<QueryPart> Parts, string Joined) : QueryPart
    {
        public override SearchNode In(SearchFields fields)
        {
            var all = new SearchNode.All([.. Parts.Select(part => part.In(fields))]);
            return fields.Whole is { } whole ? new SearchNode.Best([new SearchNode.Word(whole, Joined, Parts.Count * Scores.WholeUsername), all]) : all;
        }

        public override IEnumerable<int> HitsIn(IReadOnlyList<Token> words) => Parts.SelectMany(part => part.HitsIn(words));
    }
}
