using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Projections.Tests;

/// <summary>
/// An in-memory store with one generation, which checks checkpoints like a real one. A test can make it refuse a row or fail.
/// </summary>
internal sealed class MemoryStore : IProjectionStore<Guid, CounterRow>
{
    private readonly Dictionary<LogPartition, Checkpoint> checkpoints = [];

    public Dictionary<Guid, CounterRow> Rows { get; } = [];

    /// <summary>The dead letters, in the order in which they were added.</summary>
    public List<DeadLetterEvent<Guid>> DeadLetters { get; } = [];

    /// <summary>The keys with a request of an operator.</summary>
    public Dictionary<Guid, DeadLetterRequest> Requests { get; } = [];

    /// <summary>The maximum number of dead letters that one call returned.</summary>
    public int MaxGivenAtOnce { get; private set; }

    /// <summary>The keys of all loaded rows, in order.</summary>
    public List<Guid> Loaded { get; } = [];

    /// <summary>The commits.</summary>
    public List<IReadOnlyList<RowChange<Guid, CounterRow>>> Commits { get; } = [];

    /// <summary>Whether the last fill was written.</summary>
    public bool LeftMemory { get; private set; }

    public Func<CounterRow, bool> Refuses { get; set; } = _ => false;

    /// <summary>Exceptions of the next commits, one each, thrown after the commit if so marked.</summary>
    public Queue<(Exception Exception, bool AfterCommit)> Failures { get; } = new();

    /// <summary>Exceptions of the next fills, one each.</summary>
    public Queue<Exception> FillFailures { get; } = new();

    /// <summary>Called for each row of a fill.</summary>
    public Action OnFilledRow { get; set; } = () => { };

    public IGenerationRegistry Registry => throw new NotSupportedException("There is only the one generation.");

    public long Checkpoint(int partition) => checkpoints[Of(partition)].NextOffset;

    /// <summary>The offsets of the dead letters of a key.</summary>
    public long[] DeadLettersOf(Guid key) => [.. DeadLetters.Where(entry => entry.Key == key).Select(entry => entry.Record.Offset)];

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
        MaxGivenAtOnce = Math.Max(MaxGivenAtOnce, given.Sum(key => key.Records.Count));
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
            AddDeadLetter(entry);
        DeadLetters.RemoveAll(
            entry => commit.Resolved.Contains((new LogPartition(entry.Record.Log, entry.Record.Partition), entry.Record.Offset)));
        Commits.Add(commit.Changes);
    }

    // An existing dead letter keeps its position and loses its request with a new reason.
    private void AddDeadLetter(DeadLetterEvent<Guid> entry)
    {
        var index = DeadLetters.FindIndex(
            existing => existing.Record.Partition == entry.Record.Partition && existing.Record.Offset == entry.Record.Offset);
        if (index < 0)
            DeadLetters.Add(entry);
        else
            (DeadLetters[index], _) = (entry, Requests.Remove(entry.Key));
    }

    private sealed class MemoryBatch(MemoryStore store) : IStoreBatch<Guid, CounterRow>
    {
        public IReadOnlyDictionary<Guid, long>? AppliedOffsets => null;

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
