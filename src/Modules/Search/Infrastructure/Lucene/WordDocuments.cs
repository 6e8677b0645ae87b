using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>The documents of a segment that a word was found in.</summary>
internal sealed class WordDocuments(DocumentSets sets, AtomicReader segment, IBits? accepted)
{
    private readonly List<(DocsEnum Documents, int Score)> words = [];
    private readonly List<(DocumentSet Documents, int Score)> whole = [];
    private readonly List<(DocumentSet Documents, int Score)> filled = [];
    private DocsEnum? reused;

    public AtomicReader Segment => segment;

    /// <summary>Those of words as they are, read as they are needed.</summary>
    public IReadOnlyList<(DocsEnum Documents, int Score)> Words => words;

    /// <summary>Those of all other words, by what they are worth.</summary>
    public IEnumerable<(DocumentSet Documents, int Score)> Others => whole.Concat(filled);

    /// <summary>How many there are at most.</summary>
    public long Count { get; private set; }

    public bool Any => words.Count + whole.Count + filled.Count > 0;

    /// <summary>Adds those of the word where a walk stands.</summary>
    public void AddWord(TermsEnum walk, int score)
    {
        words.Add((walk.Docs(accepted, reuse: null, DocsFlags.NONE), score));
        Count += walk.DocFreq;
    }

    /// <summary>Adds those of a term where a walk stands, one of many.</summary>
    public void AddOne(TermsEnum walk, int score)
    {
        SetOf(score).Add(reused = walk.Docs(accepted, reused, DocsFlags.NONE));
        Count += walk.DocFreq;
    }

    /// <summary>Adds those of a set, which may have some that are deleted.</summary>
    public void Add(DocumentSet all, int score)
    {
        var count = all.Count;
        if (count == 0)
            return;
        Count += count;
        if (accepted is null)
        {
            whole.Add((all, score));
            return;
        }

        var set = NewSet();
        for (var document = all.From(0); document != DocIdSetIterator.NO_MORE_DOCS; document = all.From(document + 1))
        {
            if (accepted.Get(document))
                set.Add(document);
        }

        whole.Add((set, score));
    }

    /// <summary>An empty set, for as long as the search takes.</summary>
    public DocumentSet NewSet() => sets.New(segment.MaxDoc);

    private DocumentSet SetOf(int score)
    {
        foreach (var other in filled)
        {
            if (other.Score == score)
                return other.Documents;
        }

        var set = NewSet();
        filled.Add((set, score));
        return set;
    }
}
