using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.Modules.Analytics.Application.Exports;
using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Modules.Analytics.Infrastructure.Exports;

/// <summary>
/// Writes exports as Parquet files. A file is complete before its first byte is sent, since readers start with the footer at its end.
/// </summary>
internal sealed class ParquetExports(IDuckDbReads reads, EventExport events, ExportCache cache) : IExports, IDisposable, IAsyncDisposable
{
    private readonly ExportRuns runs = new();

    public ExportFile? FindCached(ExportKey key, ExportClient client, IReadOnlyCollection<string> tags) => cache.Open(key, client, tags);

    public ExportFile? FindLastSent(ExportKey key, ExportClient client) => cache.OpenLastSent(key, client);

    public async Task<Result<ExportFile>> GetAsync(ExportKey key, ExportClient client, bool mustStartNow, CancellationToken cancellation)
    {
        while (true)
        {
            var run = mustStartNow
                ? runs.JoinNextAsync(key, stopping => WriteAsync(key, stopping), cancellation)
                : runs.JoinAsync(key, stopping => WriteAsync(key, stopping), cancellation);
            if (!(await run).TryGet(out var written, out var error))
                return error;
            // Other exports may already have evicted it from the cache.
            if (cache.Open(key, client, written.Tag) is { } file)
                return file;
        }
    }

    public void Dispose() => runs.Dispose();

    public ValueTask DisposeAsync() => runs.DisposeAsync();

    private Task<Result<CachedExport>> WriteAsync(ExportKey key, CancellationToken stopping) =>
        key.DataSet == ExportDataSets.Events ? WriteEventsAsync(key, stopping) : WriteFactsAsync(key, stopping);

    private async Task<Result<CachedExport>> WriteEventsAsync(ExportKey key, CancellationToken stopping)
    {
        var heads = await events.HeadsAsync(stopping);
        var ordered = heads.OrderBy(head => head.Key.Log, StringComparer.Ordinal).ThenBy(head => head.Key.Partition);
        var state = string.Join(' ', ordered.Select(head => head.Value));
        if (cache.Find(key, state) is { } cached)
            return cached;
        return await cache.AddAsync(key, async path =>
        {
            await events.WriteAsync(path, heads, key.Until, stopping);
            return state;
        }, stopping);
    }

    private async Task<Result<CachedExport>> WriteFactsAsync(ExportKey key, CancellationToken stopping)
    {
        // Closed before waiting for a slot: sessions are few, and reports need them.
        using (var current = await OpenAsync(stopping))
        {
            if (cache.Find(key, current.State) is { } cached)
                return cached;
        }

        return await cache.AddAsync(key, async path =>
        {
            using var session = await OpenAsync(stopping);
            var query = key.DataSet switch
            {
                ExportDataSets.Orders => ExportQueries.Orders(session, key.Until),
                ExportDataSets.OrderLines => ExportQueries.OrderLines(session, key.Until),
                _ => ExportQueries.Customers(session, key.Until),
            };
            session.WriteParquet(query, path, stopping);
            return session.State;
        }, stopping);
    }

    private Task<DuckDbSession> OpenAsync(CancellationToken stopping) =>
        reads.OpenAsync([OrderProjection.Name, CustomerProjection.Name], stopping);
}
