using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Samples.InMemoryStore;

/// <summary>A projection's rows in memory. Rows, checkpoints and dead letters of a batch are replaced together.</summary>
/// <param name="database">What the store holds.</param>
/// <param name="projection">The projection.</param>
/// <param name="keyOf">The key of a row.</param>
public sealed class InMemoryStore<TKey, TRow>(
    InMemoryDatabase<TKey, TRow> database, ProjectionDefinition projection, Func<TRow, TKey> keyOf)
    : IProjectionStore<TKey, TRow>, IDisposable
    where TKey : struct, IEquatable<TKey>, IComparable<TKey>
    where TRow : class
{
    private readonly DocumentRegistry registry =
        new(projection, database, new InMemoryRows<TKey, TRow>(database, projection.Name), TimeProvider.System);

    /// <summary>Refuses a row, as the type of a column does; for tests.</summary>
    public Func<TRow, string?> Refuses { get; init; } = _ => null;

    public IGenerationRegistry Registry => registry;

    public TKey KeyOf(TRow row) => keyOf(row);

    public async Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation)
    {
        var place = At(generation);
        return new InMemoryBatch(this, generation, place, await place.TurnAsync(cancellation));
    }

    public async Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        var changes = await fill.Changes.ToListAsync(cancellation);
        await foreach (var row in fill.Added.WithCancellation(cancellation))
            changes.Add(new RowChange<TKey, TRow>(KeyOf(row), row));
        var place = At(generation);
        await using (await place.TurnAsync(cancellation))
            Commit(place, new BatchCommit<TKey, TRow>(changes, fill.Advances, fill.DeadLetters, []));
        if (fill.IsLast)
            await registry.SwitchToBatchesAsync(generation, cancellation);
    }

    public Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<TRow>>(
            [
                .. At(generation).State.Rows.SkipWhile(row => after is { } key && row.Key.CompareTo(key) <= 0)
                .Take(limit)
                .Select(row => row.Value)
            ]);

    public Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation) =>
        Task.FromResult(Find(At(generation).State, keys));

    public Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(
        int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var state = At(generation).State;
        return Task.FromResult(new RowsWithCheckpoints<TRow>(
            [.. state.Checkpoints.Values.Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset))], Find(state, keys)));
    }

    public Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(
        int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PendingRequest<TKey>>>(
        [
            .. At(generation).State.DeadLetters.PendingRequests(owned, maxKeys, maxEventsPerKey).Select(key => new PendingRequest<TKey>(
                KeyText.Parse<TKey>(key.First.Key),
                key.First.Request!.Value,
                key.First.Operation!.Value,
                [.. key.Entries.Select(letter => letter.Record)])),
        ]);

    public void Dispose() => registry.Dispose();

    private static IReadOnlyList<TRow> Find(InMemoryState<TKey, TRow> state, IReadOnlyCollection<TKey> keys) =>
        [.. keys.Select(key => state.Rows.GetValueOrDefault(key)).OfType<TRow>()];

    private InMemoryGeneration<TKey, TRow> At(int generation) => database.Find(generation) ?? throw new CheckpointLostException();

    // All or nothing: the new state replaces the old one in the last line.
    private void Commit(InMemoryGeneration<TKey, TRow> place, BatchCommit<TKey, TRow> commit)
    {
        var state = place.State.Advance(commit.Advances);
        var rows = state.Rows.ToBuilder();
        foreach (var change in commit.Changes)
        {
            if (change.Row is { } row && Refuses(row) is { } reason)
                throw new RowsRefusedException(reason, new InvalidOperationException(reason));
            if (change.Row is null)
                rows.Remove(change.Key);
            else
                rows[change.Key] = change.Row;
        }

        var letters = state.DeadLetters;
        if (commit.DeadLetters.Count + commit.Resolved.Count > 0)
        {
            letters = letters.With(
                commit.DeadLetters.Select(letter => (KeyText.Of(letter.Key), letter.Record, letter.Reason)),
                commit.Resolved,
                DateTimeOffset.UtcNow,
                new List<DeadLetterEntry>());
        }

        place.State = state with { Rows = rows.ToImmutable(), DeadLetters = letters };
    }

    private sealed class InMemoryBatch(
        InMemoryStore<TKey, TRow> store, int generation, InMemoryGeneration<TKey, TRow> place, IAsyncDisposable turn)
        : IStoreBatch<TKey, TRow>
    {
        // Rows and checkpoints are written together.
        public IReadOnlyDictionary<TKey, long>? AppliedOffsets => null;

        public Task LoadAsync(
            IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> deadLetterKeys, CancellationToken cancellation)
        {
            foreach (var key in keys)
            {
                if (place.State.Rows.TryGetValue(key, out var row))
                    rows.Add(key, row);
                if (place.State.DeadLetters.Has(KeyText.Of(key)))
                    deadLetterKeys.Add(key);
            }

            return Task.CompletedTask;
        }

        public async Task CommitAsync(BatchCommit<TKey, TRow> commit, CancellationToken cancellation)
        {
            if (await store.registry.AreWritesBlockedAsync(generation, cancellation))
                throw new WritesBlockedException();
            store.Commit(place, commit);
        }

        public ValueTask DisposeAsync() => turn.DisposeAsync();
    }
}
