using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>A Lucene index on the disk of this process.</summary>
internal sealed class LuceneIndex<TRow>(ILuceneIndex index, JsonTypeInfo<TRow> json, Func<TRow, Guid> id) : ISearchIndex<TRow>
{
    public Task<Result<SearchResult<TRow>>> SearchAsync(IndexSearch search, string? snapshot, CancellationToken cancellation) =>
        ReadAsync(snapshot, reader => Search(reader, search), cancellation);

    public Task<Result<Dictionary<Guid, TRow>>> FindAsync(
        IReadOnlyCollection<Guid> ids, string? snapshot, CancellationToken cancellation) =>
        ReadAsync(snapshot, reader => reader.Rows(ids.Select(key => key.ToString()), json).Values.ToDictionary(id), cancellation);

    private SearchResult<TRow> Search(LuceneSearch reader, IndexSearch search)
    {
        var (hits, total) = LuceneSearcher.Run(reader.Searcher.IndexReader, search);
        return new SearchResult<TRow>([.. hits.Select(hit => new Hit<TRow>(hit.Score, reader.Row(hit.Document, json)))], total);
    }

    private async Task<Result<T>> ReadAsync<T>(string? snapshot, Func<LuceneSearch, T> read, CancellationToken cancellation) =>
        snapshot is null ? index.Read(read) : await index.ReadAsync(snapshot, read, cancellation);
}
