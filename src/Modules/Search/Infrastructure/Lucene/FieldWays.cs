using Lucene.Net.Index;
using Lucene.Net.Util;
using Lucene.Net.Util.Automaton;
using Monolith.Modules.Search.Queries;
using Monolith.Modules.Search.Text;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>The ways in which one text is looked for in one field, and what each is worth.</summary>
internal sealed class FieldWays
{
    private const int None = 0;

    private readonly string field;
    private readonly string text;
    private readonly BytesRef term;
    private readonly int exact;
    private readonly int begun;
    private readonly SearchNode.Typo[] typos;
    private readonly int slips;
    private readonly Lazy<CompiledAutomaton> near;

    private FieldWays(string field, string text, IReadOnlyCollection<SearchNode.Way> ways)
    {
        this.field = field;
        this.text = text;
        term = new BytesRef(text);
        typos = [.. ways.OfType<SearchNode.Typo>().OrderByDescending(way => way.Score)];
        begun = ways.OfType<SearchNode.Prefix>().Select(way => way.Score).DefaultIfEmpty(None).Max();
        // A word is its own beginning, and near itself: all ways find it.
        exact = ways.Max(way => way.Score);
        slips = typos.Select(way => way.Most).DefaultIfEmpty(None).Max();
        near = new Lazy<CompiledAutomaton>(() => new CompiledAutomaton(new LevenshteinAutomata(text, withTranspositions: true).ToAutomaton(slips), finite: true, simplify: false));
    }

    /// <summary>Ways by field and text.</summary>
    public static IEnumerable<FieldWays> Of(IEnumerable<SearchNode.Way> ways) =>
        ways.GroupBy(way => (way.Field, way.Text), (place, some) => new FieldWays(place.Field, place.Text, [.. some]));

    /// <summary>Finds the documents of a segment.</summary>
    public void Find(WordDocuments found)
    {
        if (found.Segment.GetTerms(field) is not { } terms)
            return;
        var walk = terms.GetEnumerator();
        if (walk.SeekExact(term))
            found.AddWord(walk, exact);
        if (begun > None)
            FindBegun(walk, found);
        if (typos.Length > 0)
            FindNear(terms, walk, found);
    }

    private void FindBegun(TermsEnum walk, WordDocuments found)
    {
        var memory = SegmentMemory.Of(found.Segment);
        if (memory.Begun(field, text) is not { } begins)
        {
            begins = found.NewSet();
            var terms = 0;
            DocsEnum? documents = null;
            for (var status = walk.SeekCeil(term); status != TermsEnum.SeekStatus.END && StringHelper.StartsWith(walk.Term, term);)
            {
                if (!walk.Term.BytesEquals(term))
                {
                    begins.Add(documents = walk.Docs(liveDocs: null, documents, DocsFlags.NONE));
                    terms++;
                }

                if (!walk.MoveNext())
                    break;
            }

            memory.Keep(field, text, begins, terms);
        }

        found.Add(begins, begun);
    }

    private void FindNear(Terms terms, TermsEnum walk, WordDocuments found)
    {
        foreach (var other in SegmentMemory.Of(found.Segment).Near(field, text, slips, () => NearIn(terms)))
        {
            var score = typos.First(way => other.Slips <= way.Most).Score;
            if (score <= begun && StringHelper.StartsWith(other.Term, term))
                continue;
            walk.SeekExact(other.Term, other.State);
            found.AddOne(walk, score);
        }
    }

    private List<NearTerm> NearIn(Terms terms)
    {
        var found = new List<NearTerm>();
        var walk = near.Value.GetTermsEnum(terms);
        while (walk.MoveNext())
        {
            if (!walk.Term.BytesEquals(term))
                found.Add(new NearTerm(SlipsTo(walk.Term.Utf8ToString()), BytesRef.DeepCopyOf(walk.Term), walk.GetTermState()));
        }

        return found;
    }

    private int SlipsTo(string word)
    {
        var count = 1;
        while (count < slips && !Typos.AreWithin(text, word, count))
            count++;
        return count;
    }
}
