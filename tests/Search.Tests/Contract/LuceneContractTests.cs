using Lucene.Net.Analysis.Core;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Application.Queries;
using Monolith.Modules.Search.Infrastructure;
using Monolith.Modules.Search.Infrastructure.Lucene;
using Monolith.Testing;

namespace Monolith.Search.Tests.Contract;

/// <summary>The contract with Lucene queries over an in-memory index.</summary>
[Trait("Category", "Module")]
public sealed class LuceneContractTests : SearchContract
{
    private protected override int RandomRounds => TestScale.Of(500);

    private protected override Task<SearchedIndexes> OpenAsync(
        IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders) => Task.FromResult(new SearchedIndexes(
        new RamIndex<CustomerRow>(customers, CustomerFields.Text, row => (row.Id, row.Status, row.RegisteredAt)),
        new RamIndex<OrderRow>(orders, OrderFields.Text, row => (row.Id, row.Status, row.PlacedAt))));

    private sealed class RamIndex<TRow> : ISearchIndex<TRow>, IDisposable
    {
        private const int DocumentsPerSegment = 10;

        private readonly Dictionary<string, TRow> rows;
        private readonly DirectoryReader reader;
        private readonly Func<TRow, Guid> id;

        public RamIndex(IEnumerable<TRow> rows, TextFields<TRow> fields, Func<TRow, (Guid Id, string Status, DateTimeOffset At)> about)
        {
            id = row => about(row).Id;
            this.rows = rows.ToDictionary(row => id(row).ToString());
            var directory = new RAMDirectory();
            // Small segments, each with deleted documents.
            var config = new IndexWriterConfig(LuceneVersion.LUCENE_48, new WhitespaceAnalyzer(LuceneVersion.LUCENE_48))
            {
                MergePolicy = NoMergePolicy.COMPOUND_FILES,
                MaxBufferedDocs = DocumentsPerSegment,
            };
            using var writer = new IndexWriter(directory, config);
            foreach (var row in this.rows.Values.Concat(this.rows.Values.Take(this.rows.Count / 2)))
            {
                var it = about(row);
                var document = new Document
                {
                    new StringField(IndexFields.Id, it.Id.ToString(), Field.Store.NO),
                    new SortedDocValuesField(IndexFields.Id, new BytesRef(it.Id.ToString())),
                    new StringField(IndexFields.Status, it.Status, Field.Store.NO),
                    new Int64Field(IndexFields.At, IndexFields.TimeOf(it.At)!.Value, Field.Store.NO),
                };
                foreach (var (name, text) in fields.Of(row))
                    document.Add(new TextField(name, text, Field.Store.NO));
                writer.UpdateDocument(new Term(IndexFields.Id, it.Id.ToString()), document);
            }

            writer.Commit();
            reader = DirectoryReader.Open(directory);
        }

        public void Dispose() => reader.Dispose();

        public Task<Result<SearchResult<TRow>>> SearchAsync(IndexSearch search, string? snapshot, CancellationToken cancellation)
        {
            var (hits, total) = LuceneSearcher.Run(reader, search);
            return Task.FromResult<Result<SearchResult<TRow>>>(
                new SearchResult<TRow>([.. hits.Select(hit => new Hit<TRow>(hit.Score, RowOf(hit.Document)))], total));
        }

        public Task<Result<Dictionary<Guid, TRow>>> FindAsync(
            IReadOnlyCollection<Guid> ids, string? snapshot, CancellationToken cancellation)
        {
            var found = LuceneSearcher.Find(reader, ids).Select(RowOf).ToDictionary(id);
            return Task.FromResult<Result<Dictionary<Guid, TRow>>>(found);
        }

        private TRow RowOf(int document)
        {
            var key = new BytesRef();
            MultiDocValues.GetSortedValues(reader, IndexFields.Id).Get(document, key);
            return rows[key.Utf8ToString()];
        }
    }
}
