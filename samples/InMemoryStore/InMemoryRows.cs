using System.Collections.Immutable;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Samples.InMemoryStore;

/// <summary>
/// What the registry needs of the rows: the storage, checkpoints and dead letters of each generation, and the rows that queries read.
/// </summary>
internal sealed class InMemoryRows<TKey, TRow>(InMemoryDatabase<TKey, TRow> database, string projection) : IGenerationRows
    where TKey : struct, IEquatable<TKey>, IComparable<TKey>
    where TRow : class
{
    private static readonly TimeSpan BlockTimeout = TimeSpan.FromMilliseconds(50);

    public string Store => "memory";

    // The rows belong to one process, so that it reads all partitions by itself.
    public string? Instance => "memory";

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<int> ClearAsync(CancellationToken cancellation)
    {
        int[] there = [.. database.Numbers];
        foreach (var number in there)
            database.Remove(number);
        return Task.FromResult(there.DefaultIfEmpty().Max());
    }

    public Task CreateAsync(int generation, CancellationToken cancellation)
    {
        database.Create(generation);
        return Task.CompletedTask;
    }

    public Task<string?> FindFaultAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult(database.Find(generation) is null ? $"generation {generation} is missing" : null);

    public Task FlushAsync(int generation, CancellationToken cancellation) => Task.CompletedTask;

    public Task DeleteCheckpointsAsync(int generation, CancellationToken cancellation) => ChangeAsync(
        generation, state => (state with { Checkpoints = ImmutableDictionary<LogPartition, Checkpoint>.Empty }, 0), cancellation);

    public Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        database.Remove(generation);
        return Task.CompletedTask;
    }

    public Task ServeAsync(int? generation, CancellationToken cancellation)
    {
        database.Show(generation);
        return Task.CompletedTask;
    }

    public Task<IAsyncDisposable?> BlockWritesAsync(int generation, CancellationToken cancellation) =>
        At(generation).TurnAsync(BlockTimeout, cancellation);

    public Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PartitionCheckpoint>>(
            [
                .. (StateOf(generation)?.Checkpoints.Values ?? [])
                .Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset))
            ]);

    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        var taken = new List<Checkpoint>();
        await using var turn = await At(generation).TurnAsync(cancellation);
        var state = At(generation).State;
        foreach (var partition in partitions)
        {
            var known = state.Checkpoints.GetValueOrDefault(partition) ?? new Checkpoint(partition, 0, 0, null, 0, null);
            taken.Add(known with { Epoch = known.Epoch + 1 });
        }

        At(generation).State =
            state with { Checkpoints = state.Checkpoints.SetItems(taken.Select(point => KeyValuePair.Create(point.Partition, point))) };
        return taken;
    }

    public Task<DeadLetterCount> CountDeadLettersAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult(StateOf(generation) is { DeadLetters: var letters }
            ? new DeadLetterCount(letters.Count, letters.WithRequestCount)
            : default);

    public Task<IReadOnlySet<string>> DeadLetterKeysAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlySet<string>>((StateOf(generation)?.DeadLetters.Keys ?? []).ToHashSet());

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int generation, long after, int limit, CancellationToken cancellation) =>
        Task.FromResult(StateOf(generation)?.DeadLetters.List(projection, generation, after, limit) ?? []);

    public Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation) =>
        ChangeAsync(
            generation, state => Marked(state, written => state.DeadLetters.WithRequest(key, request, operation, written)), cancellation);

    public Task<RequestProgress> RequestProgressAsync(int generation, Guid operation, CancellationToken cancellation) =>
        Task.FromResult(StateOf(generation)?.DeadLetters.ProgressOf(operation) ?? default);

    public Task RemoveRequestAsync(int generation, Guid operation, CancellationToken cancellation) =>
        ChangeAsync(generation, state => Marked(state, written => state.DeadLetters.WithoutRequest(operation, written)), cancellation);

    private static (InMemoryState<TKey, TRow> State, long Changed) Marked(
        InMemoryState<TKey, TRow> state, Func<ICollection<DeadLetterEntry>, DeadLetterSet> mark)
    {
        var written = new List<DeadLetterEntry>();
        return (state with { DeadLetters = mark(written) }, written.Count);
    }

    private async Task<long> ChangeAsync(
        int generation, Func<InMemoryState<TKey, TRow>, (
            InMemoryState<TKey, TRow> State, long Changed)> change, CancellationToken cancellation)
    {
        if (database.Find(generation) is not { } place)
            return 0;
        await using var turn = await place.TurnAsync(cancellation);
        (place.State, var changed) = change(place.State);
        return changed;
    }

    private InMemoryState<TKey, TRow>? StateOf(int generation) => database.Find(generation)?.State;

    private InMemoryGeneration<TKey, TRow> At(int generation) => database.Find(generation) ?? throw new CheckpointLostException();
}
