using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Walks through the documents that a word was found in, each with what it is worth.</summary>
internal sealed class WordScorer : Scorer
{
    private readonly DocsEnum[] words;
    private readonly int[] wordScores;
    private readonly int[] wordsAt;
    private readonly DocumentSet[] others;
    private readonly int[] otherScores;
    private readonly int[] othersAt;
    private readonly long cost;
    private int document = -1;

    public WordScorer(Weight weight, WordDocuments found)
        : base(weight)
    {
        var (best, rest) = (found.Words.OrderByDescending(word => word.Score).ToArray(), found.Others.OrderByDescending(other => other.Score).ToArray());
        (words, wordScores) = ([.. best.Select(word => word.Documents)], [.. best.Select(word => word.Score)]);
        (others, otherScores) = ([.. rest.Select(other => other.Documents)], [.. rest.Select(other => other.Score)]);
        (wordsAt, othersAt) = (new int[words.Length], new int[others.Length]);
        wordsAt.AsSpan().Fill(document);
        othersAt.AsSpan().Fill(document);
        cost = found.Count;
    }

    public override int DocID => document;

    public override int Freq => 1;

    public override long GetCost() => cost;

    public override int NextDoc() => Advance(document + 1);

    public override int Advance(int target)
    {
        var first = NO_MORE_DOCS;
        for (var i = 0; i < words.Length; i++)
        {
            if (wordsAt[i] < target)
                wordsAt[i] = wordsAt[i] == target - 1 ? words[i].NextDoc() : words[i].Advance(target);
            if (wordsAt[i] < first)
                first = wordsAt[i];
        }

        for (var i = 0; i < others.Length; i++)
        {
            if (othersAt[i] < target)
                othersAt[i] = others[i].From(target);
            if (othersAt[i] < first)
                first = othersAt[i];
        }

        return document = first;
    }

    public override float GetScore() => Math.Max(BestOf(wordsAt, wordScores), BestOf(othersAt, otherScores));

    // By what they are worth: the first is the best.
    private int BestOf(int[] at, int[] scores)
    {
        for (var i = 0; i < at.Length; i++)
        {
            if (at[i] == document)
                return scores[i];
        }

        return 0;
    }
}
