using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>A batch. It owns the writer of its generation from before it loads rows until it is disposed.</summary>
internal sealed class DuckDbBatch<TKey, TRow>(DuckDbStore<TKey, TRow> store, int generation, DuckDbFile.WriteLease lease)
    : IStoreBatch<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private Dictionary<TKey, TRow>? before;

    // Rows and checkpoints are written together.
    public IReadOnlyDictionary<TKey, long>? AppliedOffsets => null;

    public Task LoadAsync(
        IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> deadLetterKeys, CancellationToken cancellation)
    {
        before = store.Load(lease, keys, deadLetterKeys);
        foreach (var (key, row) in before)
            rows.Add(key, row);
        return Task.CompletedTask;
    }

    public async Task CommitAsync(BatchCommit<TKey, TRow> commit, CancellationToken cancellation)
    {
        if (await store.AreWritesBlockedAsync(generation, cancellation))
            throw new WritesBlockedException();
        await store.CommitAsync(lease, commit, before);
    }

    public ValueTask DisposeAsync() => lease.DisposeAsync();
}
