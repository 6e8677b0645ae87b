using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A page on its way into an index. What it loaded tells which rows are new, and need no look for an old document.</summary>
internal sealed class LucenePage<TKey, TRow>(LuceneStore<TKey, TRow> store, int generation, LuceneGeneration? held) : IStorePage<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly HashSet<TKey> absent = [];

    public Task LoadAsync(IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> parked, CancellationToken cancellation)
    {
        store.Load(generation, keys, rows, parked);
        foreach (var key in keys)
        {
            if (!rows.ContainsKey(key))
                absent.Add(key);
        }

        return Task.CompletedTask;
    }

    public Task CommitAsync(PageCommit<TKey, TRow> commit, CancellationToken cancellation) => store.CommitAsync(generation, commit, absent, held is not null, cancellation);

    public ValueTask DisposeAsync()
    {
        held?.Pages.Release();
        return ValueTask.CompletedTask;
    }
}
