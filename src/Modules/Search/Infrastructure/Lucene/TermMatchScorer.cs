using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Iterates over the documents of <see cref="SegmentMatches"/> in order, each with its best score.</summary>
internal sealed class TermMatchScorer : Scorer
{
    private readonly DocsEnum[] postings;
    private readonly int[] postingScores;
    private readonly int[] postingDocuments;
    private readonly FixedBitSet[] sets;
    private readonly int[] setScores;
    private readonly int[] setDocuments;
    private readonly long cost;
    private int document = -1;

    public TermMatchScorer(Weight weight, SegmentMatches matches)
        : base(weight)
    {
        var orderedPostings = matches.Postings.OrderByDescending(match => match.Score).ToArray();
        var orderedSets = matches.Sets.OrderByDescending(match => match.Score).ToArray();
        postings = [.. orderedPostings.Select(match => match.Documents)];
        postingScores = [.. orderedPostings.Select(match => match.Score)];
        sets = [.. orderedSets.Select(match => match.Documents)];
        setScores = [.. orderedSets.Select(match => match.Score)];
        (postingDocuments, setDocuments) = (new int[postings.Length], new int[sets.Length]);
        postingDocuments.AsSpan().Fill(document);
        setDocuments.AsSpan().Fill(document);
        cost = matches.Cost;
    }

    public override int DocID => document;

    public override int Freq => 1;

    public override long GetCost() => cost;

    public override int NextDoc() => Advance(document + 1);

    public override int Advance(int target)
    {
        var first = NO_MORE_DOCS;
        for (var i = 0; i < postings.Length; i++)
        {
            if (postingDocuments[i] < target)
                postingDocuments[i] = postingDocuments[i] == target - 1 ? postings[i].NextDoc() : postings[i].Advance(target);
            if (postingDocuments[i] < first)
                first = postingDocuments[i];
        }

        for (var i = 0; i < sets.Length; i++)
        {
            if (setDocuments[i] < target)
                setDocuments[i] = sets[i].NextDocument(target);
            if (setDocuments[i] < first)
                first = setDocuments[i];
        }

        return document = first;
    }

    public override float GetScore() => Math.Max(BestOf(postingDocuments, postingScores), BestOf(setDocuments, setScores));

    // Scores are in descending order.
    private int BestOf(int[] documents, int[] scores)
    {
        for (var i = 0; i < documents.Length; i++)
        {
            if (documents[i] == document)
                return scores[i];
        }

        return 0;
    }
}
