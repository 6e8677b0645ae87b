using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A batch of changes. Rows of loaded keys without a document are added without looking for an old one.</summary>
internal sealed class LuceneBatch<TKey, TRow>(LuceneStore<TKey, TRow> store, int generation, LuceneGeneration? held)
    : IStoreBatch<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly HashSet<TKey> absent = [];

    // Rows and checkpoints are written together.
    public IReadOnlyDictionary<TKey, long>? AppliedOffsets => null;

    public Task LoadAsync(
        IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> deadLetterKeys, CancellationToken cancellation)
    {
        store.Load(generation, keys, rows, deadLetterKeys);
        foreach (var key in keys)
        {
            if (!rows.ContainsKey(key))
                absent.Add(key);
        }

        return Task.CompletedTask;
    }

    public Task CommitAsync(BatchCommit<TKey, TRow> commit, CancellationToken cancellation) =>
        store.CommitAsync(generation, commit, absent, held is not null, cancellation);

    public ValueTask DisposeAsync()
    {
        held?.Batches.Release();
        return ValueTask.CompletedTask;
    }
}
