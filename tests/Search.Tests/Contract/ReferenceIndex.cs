using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Search.Tests.Contract;

/// <summary>The reference implementation of an index, which scans all rows. Every store must return the same results.</summary>
internal sealed class ReferenceIndex<TRow>(
    IEnumerable<TRow> rows, TextFields<TRow> fields, Func<TRow, (Guid Id, string Status, DateTimeOffset At)> about) : ISearchIndex<TRow>
{
    private readonly (TRow Row, IReadOnlyDictionary<string, string> Fields)[] documents = [.. rows.Select(row => (row, fields.Of(row)))];

    public Task<Result<SearchResult<TRow>>> SearchAsync(IndexSearch search, string? snapshot, CancellationToken cancellation)
    {
        var hits = (
            from document in documents
            let score = NodeScore.Of(search.Node, document.Fields)
            let it = about(document.Row)
            where score is not null
                && (search.Filter.Status is null || it.Status == search.Filter.Status)
                && (search.Filter.From is null || it.At >= search.Filter.From)
                && (search.Filter.To is null || it.At < search.Filter.To)
            orderby score descending, it.Id.ToString() // as text: what stores compare
            select new Hit<TRow>(score.Value, document.Row)).ToArray();
        var after = search.After is { } cursor
            ? hits.SkipWhile(hit => hit.Score > cursor.Score || (
                hit.Score == cursor.Score && string.CompareOrdinal(about(hit.Row).Id.ToString(), cursor.Id.ToString()) <= 0))
            : hits;
        Result<SearchResult<TRow>> found = new SearchResult<TRow>([.. after.Take(search.Limit)], hits.Length);
        return Task.FromResult(found);
    }

    public Task<Result<Dictionary<Guid, TRow>>> FindAsync(IReadOnlyCollection<Guid> ids, string? snapshot, CancellationToken cancellation)
    {
        Dictionary<Guid, TRow> found = documents.Where(document => ids.Contains(about(document.Row).Id)).ToDictionary(
            document => about(document.Row).Id, document => document.Row);
        return Task.FromResult<Result<Dictionary<Guid, TRow>>>(found);
    }
}

internal static class ReferenceIndex
{
    public static ReferenceIndex<CustomerRow> Of(IEnumerable<CustomerRow> rows) =>
        new(rows, CustomerFields.Text, row => (row.Id, row.Status, row.RegisteredAt));

    public static ReferenceIndex<OrderRow> Of(IEnumerable<OrderRow> rows) =>
        new(rows, OrderFields.Text, row => (row.Id, row.Status, row.PlacedAt));
}
