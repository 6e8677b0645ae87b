using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>A batch of changes. The offsets of loaded rows tell which events are already applied.</summary>
internal sealed class ElasticsearchBatch<TKey, TRow>(ElasticsearchStore<TKey, TRow> store, int generation) : IStoreBatch<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly Dictionary<TKey, long> applied = [];

    public IReadOnlyDictionary<TKey, long>? AppliedOffsets => applied;

    public Task LoadAsync(
        IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> deadLetterKeys, CancellationToken cancellation) =>
        store.LoadAsync(generation, keys, rows, applied, deadLetterKeys, cancellation);

    public Task CommitAsync(BatchCommit<TKey, TRow> commit, CancellationToken cancellation) =>
        store.CommitAsync(generation, commit, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
