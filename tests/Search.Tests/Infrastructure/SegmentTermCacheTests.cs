using Lucene.Net.Analysis.Core;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Application.Queries;
using Monolith.Modules.Search.Infrastructure;
using Monolith.Modules.Search.Infrastructure.Lucene;

namespace Monolith.Search.Tests.Infrastructure;

/// <summary>Cached term lookups are valid for all readers of a segment, whatever is deleted in between.</summary>
[Trait("Category", "Unit")]
public sealed class SegmentTermCacheTests : IDisposable
{
    private const string Words = "words";
    private const int Documents = 200;
    private const int All = 1_000;

    private readonly RAMDirectory directory = new();
    private readonly IndexWriter writer;

    public SegmentTermCacheTests()
    {
        var config = new IndexWriterConfig(LuceneVersion.LUCENE_48, new WhitespaceAnalyzer(LuceneVersion.LUCENE_48))
        {
            MergePolicy = NoMergePolicy.COMPOUND_FILES,
        };
        writer = new IndexWriter(directory, config);
        for (var number = 0; number < Documents; number++)
            Add(number, $"begun{number}");
        writer.Commit();
    }

    public void Dispose()
    {
        writer.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void Cached_prefix_excludes_deleted_documents()
    {
        var prefix = new SearchNode.Prefix(Words, "begun", 1);
        using var before = DirectoryReader.Open(directory);
        var segment = before.Leaves.Single().AtomicReader;
        SegmentTermCache.Of(segment).PrefixDocuments(Words, "begun").ShouldBeNull();
        Found(before, prefix).Count.ShouldBe(Documents);
        SegmentTermCache.Of(segment).PrefixDocuments(Words, "begun")!.Cardinality.ShouldBe(Documents);

        writer.DeleteDocuments(new Term(Words, "begun7"));
        writer.Commit();
        using var after = DirectoryReader.OpenIfChanged(before);

        SegmentTermCache.Of(after.Leaves.Single().AtomicReader).ShouldBeSameAs(SegmentTermCache.Of(segment));
        Found(after, prefix).Count.ShouldBe(Documents - 1);
        Found(before, prefix).Count.ShouldBe(Documents);
    }

    [Fact]
    public void Cache_filled_by_a_newer_reader_serves_an_older_one()
    {
        var prefix = new SearchNode.Prefix(Words, "begun", 1);
        var fuzzy = new SearchNode.Fuzzy(Words, "begun77", 1, 1);
        using var before = DirectoryReader.Open(directory);
        writer.DeleteDocuments(new Term(Words, "begun7"));
        writer.Commit();
        using var after = DirectoryReader.OpenIfChanged(before);

        Found(after, prefix).Count.ShouldBe(Documents - 1);
        Found(before, prefix).Count.ShouldBe(Documents);
        var fuzzyAfter = Found(after, fuzzy);
        var fuzzyBefore = Found(before, fuzzy);
        // 7, 70 to 79, the other tens with a 7, and the hundreds.
        fuzzyBefore.Count.ShouldBe(fuzzyAfter.Count + 1);
        fuzzyBefore.ShouldBe(fuzzyBefore.Distinct());
    }

    [Fact]
    public void Prefix_cache_is_bounded()
    {
        using var reader = DirectoryReader.Open(directory);
        var cache = SegmentTermCache.Of(reader.Leaves.Single().AtomicReader);
        using var sets = new DocumentSetPool();

        for (var number = 0; number < All; number++)
            cache.AddPrefix(Words, $"begun{number}", sets.Rent(Documents), termCount: All);

        Enumerable.Range(0, All).Count(number => cache.PrefixDocuments(Words, $"begun{number}") is not null).ShouldBeInRange(1, All / 10);
    }

    [Fact]
    public void Word_with_several_matches_scores_by_the_best()
    {
        Add(Documents, "lovelace lovelase");
        Add(Documents + 1, "lovelase");
        Add(Documents + 2, "lovelaces");
        writer.Commit();
        using var reader = DirectoryReader.Open(directory);
        var node = new SearchNode.DisMax(
        [
            new SearchNode.Term(Words, "lovelace", 50),
            new SearchNode.Prefix(Words, "lovelace", 30),
            new SearchNode.Fuzzy(Words, "lovelace", 1, 20),
            new SearchNode.Fuzzy(Words, "lovelace", 2, 10),
        ]);

        Found(reader, node).Select(hit => hit.Score).ShouldBe([50, 30, 20]);
    }

    /// <summary>Dead letters are in the same index.</summary>
    [Fact]
    public void Segment_without_rows_is_ignored()
    {
        writer.AddDocument(new Document { new StringField("_letter", "1", Field.Store.NO) });
        writer.Commit();
        using var reader = DirectoryReader.Open(directory);
        reader.Leaves.Count.ShouldBe(2);

        var first = LuceneSearcher.Run(reader, new IndexSearch(
            new SearchNode.Prefix(Words, "begun", 1), new SearchFilter("active", DateTimeOffset.UnixEpoch, null), 2));
        first.Total.ShouldBe(0);
        var page = LuceneSearcher.Run(reader, new IndexSearch(
            new SearchNode.Prefix(Words, "begun", 1), SearchFilter.None, All, new SearchCursor(1, new Guid(0, 0, 0, new byte[8]))));
        page.Hits.Count.ShouldBe(Documents - 1);
    }

    private static IReadOnlyList<ScoredDocument> Found(DirectoryReader reader, SearchNode node)
    {
        var (hits, total) = LuceneSearcher.Run(reader, new IndexSearch(node, SearchFilter.None, All));
        hits.Count.ShouldBe((int)total);
        return hits;
    }

    private void Add(int number, string words) => writer.AddDocument(new Document
    {
        new SortedDocValuesField(IndexFields.Id, new BytesRef(new Guid(number, 0, 0, new byte[8]).ToString())),
        new TextField(Words, words, Field.Store.NO),
    });
}
