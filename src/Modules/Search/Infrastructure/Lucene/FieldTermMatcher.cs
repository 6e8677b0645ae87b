using Lucene.Net.Index;
using Lucene.Net.Util;
using Lucene.Net.Util.Automaton;
using Monolith.Modules.Search.Application.Queries;
using Monolith.Modules.Search.Application.Text;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Matches the terms of one field against one text: exactly, as a prefix, and within an edit distance.</summary>
internal sealed class FieldTermMatcher
{
    private const int NoMatch = 0;

    private readonly string field;
    private readonly string text;
    private readonly BytesRef term;
    private readonly int exactScore;
    private readonly int prefixScore;
    private readonly SearchNode.Fuzzy[] fuzzy;
    private readonly int maxEdits;
    private readonly Lazy<CompiledAutomaton> automaton;

    private FieldTermMatcher(string field, string text, IReadOnlyCollection<SearchNode.TermMatch> matches)
    {
        this.field = field;
        this.text = text;
        term = new BytesRef(text);
        fuzzy = [.. matches.OfType<SearchNode.Fuzzy>().OrderByDescending(match => match.Score)];
        prefixScore = matches.OfType<SearchNode.Prefix>().Select(match => match.Score).DefaultIfEmpty(NoMatch).Max();
        // The text itself matches as a prefix and at distance 0, too.
        exactScore = matches.Max(match => match.Score);
        maxEdits = fuzzy.Select(match => match.MaxEdits).DefaultIfEmpty(0).Max();
        automaton = new Lazy<CompiledAutomaton>(() => new CompiledAutomaton(
            new LevenshteinAutomata(text, withTranspositions: true).ToAutomaton(maxEdits), finite: true, simplify: false));
    }

    /// <summary>One matcher per field and text.</summary>
    public static IEnumerable<FieldTermMatcher> Of(IEnumerable<SearchNode.TermMatch> matches) =>
        matches.GroupBy(match => (match.Field, match.Text), (key, group) => new FieldTermMatcher(key.Field, key.Text, [.. group]));

    /// <summary>Adds the documents of a segment that match.</summary>
    public void Collect(SegmentMatches matches)
    {
        if (matches.Segment.GetTerms(field) is not { } terms)
            return;
        var termsEnum = terms.GetEnumerator();
        if (termsEnum.SeekExact(term))
            matches.AddPostings(termsEnum, exactScore);
        if (prefixScore > NoMatch)
            CollectPrefix(termsEnum, matches);
        if (fuzzy.Length > 0)
            CollectFuzzy(terms, termsEnum, matches);
    }

    private void CollectPrefix(TermsEnum termsEnum, SegmentMatches matches)
    {
        var cache = SegmentTermCache.Of(matches.Segment);
        if (cache.PrefixDocuments(field, text) is not { } documents)
        {
            documents = matches.NewSet();
            var termCount = 0;
            DocsEnum? postings = null;
            for (var status = termsEnum.SeekCeil(term);
                status != TermsEnum.SeekStatus.END && StringHelper.StartsWith(termsEnum.Term, term);)
            {
                if (!termsEnum.Term.BytesEquals(term))
                {
                    documents.Or(postings = termsEnum.Docs(liveDocs: null, postings, DocsFlags.NONE));
                    termCount++;
                }

                if (!termsEnum.MoveNext())
                    break;
            }

            cache.AddPrefix(field, text, documents, termCount);
        }

        matches.AddSet(documents, prefixScore);
    }

    private void CollectFuzzy(Terms terms, TermsEnum termsEnum, SegmentMatches matches)
    {
        foreach (var other in SegmentTermCache.Of(matches.Segment).FuzzyTerms(field, text, maxEdits, () => FuzzyTermsOf(terms)))
        {
            var score = fuzzy.First(match => other.Distance <= match.MaxEdits).Score;
            if (score <= prefixScore && StringHelper.StartsWith(other.Term, term))
                continue;
            termsEnum.SeekExact(other.Term, other.State);
            matches.MergePostings(termsEnum, score);
        }
    }

    private List<FuzzyTerm> FuzzyTermsOf(Terms terms)
    {
        var found = new List<FuzzyTerm>();
        var termsEnum = automaton.Value.GetTermsEnum(terms);
        while (termsEnum.MoveNext())
        {
            if (!termsEnum.Term.BytesEquals(term))
            {
                var distance = DistanceTo(termsEnum.Term.Utf8ToString());
                found.Add(new FuzzyTerm(distance, BytesRef.DeepCopyOf(termsEnum.Term), termsEnum.GetTermState()));
            }
        }

        return found;
    }

    private int DistanceTo(string word)
    {
        var distance = 1;
        while (distance < maxEdits && !EditDistance.IsWithin(text, word, distance))
            distance++;
        return distance;
    }
}
