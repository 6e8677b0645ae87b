using System.Collections.Immutable;
using System.Globalization;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Samples.InMemoryStore;

/// <summary>
/// What the store holds: the rows of each generation and the registry document. It outlives the stores that are opened on it.
/// </summary>
public sealed class InMemoryDatabase<TKey, TRow> : IRegistryDocument
    where TKey : struct, IEquatable<TKey>, IComparable<TKey>
    where TRow : class
{
    private readonly Lock changing = new();
    private ImmutableDictionary<int, InMemoryGeneration<TKey, TRow>> generations =
        ImmutableDictionary<int, InMemoryGeneration<TKey, TRow>>.Empty;
    private (byte[] Content, int Version)? document;
    private volatile int live;

    /// <summary>Thrown by the next writes of the registry, as a full disk does; for tests.</summary>
    public Exception? RegistryFailure { get; set; }

    /// <summary>The rows that queries read.</summary>
    /// <exception cref="ReadModelBuildingException">No generation is live.</exception>
    public IReadOnlyCollection<TRow> Rows(string projection) =>
        Find(live)?.State.Rows.Values.ToArray() ?? throw new ReadModelBuildingException(projection);

    internal IEnumerable<int> Numbers => generations.Keys;

    /// <inheritdoc />
    public Task<RegistryDocument?> ReadAsync(CancellationToken cancellation)
    {
        lock (changing)
            return Task.FromResult(
                document is var (content, version) ? new RegistryDocument(content, version.ToString(CultureInfo.InvariantCulture)) : null);
    }

    /// <inheritdoc />
    public Task<string?> WriteAsync(ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellation)
    {
        lock (changing)
        {
            if (RegistryFailure is { } failure)
                throw failure;
            var current = document?.Version.ToString(CultureInfo.InvariantCulture);
            if (current != expected)
                return Task.FromResult<string?>(null);
            document = (content.ToArray(), (document?.Version ?? 0) + 1);
            return Task.FromResult<string?>(document.Value.Version.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A generation that is there, or null.</summary>
    public InMemoryGeneration<TKey, TRow>? Find(int number) => generations.GetValueOrDefault(number);

    internal void Create(int number)
    {
        lock (changing)
        {
            if (!generations.ContainsKey(number))
                generations = generations.Add(number, new InMemoryGeneration<TKey, TRow>());
        }
    }

    internal void Remove(int number)
    {
        lock (changing)
            generations = generations.Remove(number);
    }

    internal void Show(int? number) => live = number ?? 0;
}

/// <summary>
/// One generation. A writer has the turn from before it loads rows until it commits; readers see the state of the last commit.
/// </summary>
public sealed class InMemoryGeneration<TKey, TRow> : IDisposable
    where TKey : struct, IEquatable<TKey>, IComparable<TKey>
    where TRow : class
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The state of the last commit.</summary>
    public InMemoryState<TKey, TRow> State { get; internal set; } = InMemoryState<TKey, TRow>.Empty;

    /// <summary>Changes rows past the engine; for tests.</summary>
    public void Damage(IEnumerable<KeyValuePair<TKey, TRow>> written, IEnumerable<TKey> removed) =>
        State = State with { Rows = State.Rows.SetItems(written).RemoveRange(removed) };

    internal async Task<IAsyncDisposable> TurnAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        return new Turn(turn);
    }

    internal async Task<IAsyncDisposable?> TurnAsync(TimeSpan atMost, CancellationToken cancellation) =>
        await turn.WaitAsync(atMost, cancellation) ? new Turn(turn) : null;

    public void Dispose() => turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Release();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Rows, checkpoints and dead letters of one moment. A commit replaces all of them at once.</summary>
public sealed record InMemoryState<TKey, TRow>(
    ImmutableSortedDictionary<TKey, TRow> Rows, ImmutableDictionary<LogPartition, Checkpoint> Checkpoints, DeadLetterSet DeadLetters)
    where TKey : struct, IEquatable<TKey>, IComparable<TKey>
    where TRow : class
{
    internal static InMemoryState<TKey, TRow> Empty { get; } =
        new(ImmutableSortedDictionary<TKey, TRow>.Empty, ImmutableDictionary<LogPartition, Checkpoint>.Empty, new DeadLetterSet([]));

    /// <summary>Moves checkpoints by compare-and-swap on epoch and offset.</summary>
    /// <exception cref="CheckpointLostException">A checkpoint is elsewhere: another owner took the partition.</exception>
    internal InMemoryState<TKey, TRow> Advance(IReadOnlyList<CheckpointAdvance> advances)
    {
        var checkpoints = Checkpoints.ToBuilder();
        foreach (var advance in advances)
        {
            if (!checkpoints.TryGetValue(advance.Partition, out var at) || at.Epoch != advance.Epoch || at.NextOffset != advance.From)
                throw new CheckpointLostException();
            checkpoints[advance.Partition] =
                new Checkpoint(advance.Partition, advance.Epoch, advance.To, advance.LastEventId, advance.Position, advance.Source);
        }

        return this with { Checkpoints = checkpoints.ToImmutable() };
    }
}
