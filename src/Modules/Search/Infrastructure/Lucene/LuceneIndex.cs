using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>An index of this machine.</summary>
internal sealed class LuceneIndex<TRow>(ILuceneIndex index, JsonTypeInfo<TRow> json, Func<TRow, Guid> id) : ISearchIndex<TRow>
{
    public Task<Result<Found<TRow>>> SearchAsync(IndexSearch search, string? snapshot, CancellationToken cancellation) => ReadAsync(snapshot, look => Search(look, search), cancellation);

    public Task<Result<Dictionary<Guid, TRow>>> FindAsync(IReadOnlyCollection<Guid> ids, string? snapshot, CancellationToken cancellation) =>
        ReadAsync(snapshot, look => look.Rows(ids.Select(key => key.ToString()), json).Values.ToDictionary(id), cancellation);

    private Found<TRow> Search(LuceneSearch look, IndexSearch search)
    {
        var (hits, total) = IndexLook.Run(look.Searcher.IndexReader, search);
        return new Found<TRow>([.. hits.Select(hit => new Hit<TRow>(hit.Score, look.Row(hit.Document, json)))], total);
    }

    private async Task<Result<T>> ReadAsync<T>(string? snapshot, Func<LuceneSearch, T> read, CancellationToken cancellation) =>
        snapshot is null ? index.Read(read) : await index.ReadAsync(snapshot, read, cancellation);
}
