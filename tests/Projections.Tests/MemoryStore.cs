using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Projections.Tests;

/// <summary>
/// A store without a database and with one generation, as strict about checkpoints as a real one; it can be told to refuse a row or to
/// fail.
/// </summary>
internal sealed class MemoryStore : IProjectionStore<Guid, CounterRow>
{
    private readonly Dictionary<LogPartition, Checkpoint> checkpoints = [];

    public Dictionary<Guid, CounterRow> Rows { get; } = [];

    /// <summary>What is parked, in the order in which it came.</summary>
    public List<DeadLetterEvent<Guid>> DeadLetters { get; } = [];

    /// <summary>Keys that an operator asked something about.</summary>
    public Dictionary<Guid, DeadLetterRequest> Requests { get; } = [];

    /// <summary>The most parked events that were given to anybody at once.</summary>
    public int MostGivenAtOnce { get; private set; }

    /// <summary>Every key whose row was asked for, in order.</summary>
    public List<Guid> Loaded { get; } = [];

    /// <summary>What each commit wrote.</summary>
    public List<IReadOnlyList<RowChange<Guid, CounterRow>>> Commits { get; } = [];

    /// <summary>Whether a fill was the last.</summary>
    public bool LeftMemory { get; private set; }

    public Func<CounterRow, bool> Refuses { get; set; } = _ => false;

    /// <summary>Thrown by the commits to come, one each; after the commit where it says so.</summary>
    public Queue<(Exception Exception, bool AfterCommit)> Failures { get; } = new();

    /// <summary>Thrown by the fills to come, one each.</summary>
    public Queue<Exception> FillFailures { get; } = new();

    /// <summary>Called for each row that a fill gives.</summary>
    public Action OnFilledRow { get; set; } = () => { };

    public IGenerationRegistry Registry => throw new NotSupportedException("There is only the one generation.");

    public long Checkpoint(int partition) => checkpoints[Of(partition)].NextOffset;

    /// <summary>What is parked of a key, by offset.</summary>
    public long[] ParkedOf(Guid key) => [.. DeadLetters.Where(entry => entry.Key == key).Select(entry => entry.Record.Offset)];

    public static LogPartition Of(int partition) => new("shop.events", partition);

    public Guid KeyOf(CounterRow row) => row.CounterId;

    public Checkpoint Take(LogPartition partition)
    {
        var known = checkpoints.GetValueOrDefault(partition) ?? new Checkpoint(partition, 0, 0, null, 0, null);
        return checkpoints[partition] = known with { Epoch = known.Epoch + 1 };
    }

    public Task<IStoreBatch<Guid, CounterRow>> BeginAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult<IStoreBatch<Guid, CounterRow>>(new MemoryBatch(this));

    public async Task FillAsync(int generation, BulkFill<Guid, CounterRow> fill, CancellationToken cancellation)
    {
        if (FillFailures.TryDequeue(out var failure))
            throw failure;
        var added = new List<RowChange<Guid, CounterRow>>();
        await foreach (var row in fill.Added.WithCancellation(cancellation))
        {
            OnFilledRow();
            added.Add(new RowChange<Guid, CounterRow>(row.CounterId, row));
        }

        var changes = await fill.Changes.ToArrayAsync(cancellation);
        added.ShouldAllBe(change => !Rows.ContainsKey(change.Key));
        changes.ShouldAllBe(change => Rows.ContainsKey(change.Key));
        Commit(new BatchCommit<Guid, CounterRow>([.. added, .. changes], fill.Advances, fill.DeadLetters, []));
        LeftMemory |= fill.IsLast;
    }

    public Task<IReadOnlyList<CounterRow>> ScanAsync(int generation, Guid? after, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CounterRow>>(
            [
                .. Rows.Values.Where(row => after is null || row.CounterId.CompareTo(after.Value) > 0)
                .OrderBy(row => row.CounterId)
                .Take(limit)
            ]);

    public Task<IReadOnlyList<CounterRow>> FindAsync(int generation, IReadOnlyCollection<Guid> keys, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CounterRow>>([.. keys.Where(Rows.ContainsKey).Select(key => Rows[key])]);

    public Task<RowsWithCheckpoints<CounterRow>> FindWithCheckpointsAsync(
        int generation, IReadOnlyCollection<Guid> keys, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<PendingRequest<Guid>>> PendingRequestsAsync(
        int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation)
    {
        PendingRequest<Guid>[] given =
        [
            .. DeadLetters.GroupBy(entry => entry.Key)
                .Where(
                    key =>
                        Requests.ContainsKey(key.Key)
                            && owned.Contains(new LogPartition(key.First().Record.Log, key.First().Record.Partition)))
                .Take(maxKeys)
                .Select(
                    key =>
                        new PendingRequest<Guid>(
                            key.Key, Requests[key.Key], Guid.Empty, [.. key.Take(maxEventsPerKey).Select(entry => entry.Record)])),
        ];
        MostGivenAtOnce = Math.Max(MostGivenAtOnce, given.Sum(key => key.Records.Count));
        return Task.FromResult<IReadOnlyList<PendingRequest<Guid>>>(given);
    }

    private void Commit(BatchCommit<Guid, CounterRow> commit)
    {
        if (
            commit.Advances.Any(
                advance => checkpoints[advance.Partition] is var at && (at.Epoch != advance.Epoch || at.NextOffset != advance.From)))
            throw new CheckpointLostException();
        if (commit.Changes.FirstOrDefault(change => change.Row is { } row && Refuses(row)).Row is { } refused)
            throw new RowsRefusedException($"22000: {refused.CounterId}", new InvalidOperationException());

        foreach (var (key, row) in commit.Changes)
        {
            if (row is null)
                Rows.Remove(key);
            else
                Rows[key] = row;
        }

        foreach (var advance in commit.Advances)
            checkpoints[advance.Partition] =
                new Checkpoint(advance.Partition, advance.Epoch, advance.To, advance.LastEventId, advance.Position, advance.Source);
        foreach (var entry in commit.DeadLetters)
            Park(entry);
        DeadLetters.RemoveAll(
            entry => commit.Resolved.Contains((new LogPartition(entry.Record.Log, entry.Record.Partition), entry.Record.Offset)));
        Commits.Add(commit.Changes);
    }

    // What is parked already keeps its place; it is no longer asked for once it says why it was parked again.
    private void Park(DeadLetterEvent<Guid> entry)
    {
        var place = DeadLetters.FindIndex(
            parked => parked.Record.Partition == entry.Record.Partition && parked.Record.Offset == entry.Record.Offset);
        if (place < 0)
            DeadLetters.Add(entry);
        else
            (DeadLetters[place], _) = (entry, Requests.Remove(entry.Key));
    }

    private sealed class MemoryBatch(MemoryStore store) : IStoreBatch<Guid, CounterRow>
    {
        public Task LoadAsync(
            IReadOnlyCollection<Guid> keys, Dictionary<Guid, CounterRow> rows, HashSet<Guid> deadLetterKeys, CancellationToken cancellation)
        {
            store.Loaded.AddRange(keys);
            foreach (var key in keys)
            {
                if (store.Rows.TryGetValue(key, out var row))
                    rows.Add(key, row);
            }

            deadLetterKeys.UnionWith(store.DeadLetters.Select(entry => entry.Key).Intersect(keys));
            return Task.CompletedTask;
        }

        public Task CommitAsync(BatchCommit<Guid, CounterRow> commit, CancellationToken cancellation)
        {
            var failure = store.Failures.TryDequeue(out var next) ? next : default;
            if (failure is { Exception: { } before, AfterCommit: false })
                throw before;
            store.Commit(commit);
            return failure.Exception is { } after ? throw after : Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
