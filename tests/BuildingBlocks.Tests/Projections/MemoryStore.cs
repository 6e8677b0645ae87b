using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Tests.Sample;

namespace Monolith.BuildingBlocks.Tests.Projections;

/// <summary>A store without a database, as strict about checkpoints as a real one; it can be told to refuse a row or to fail.</summary>
internal sealed class MemoryStore : IProjectionStore<Guid, CounterRow>
{
    private readonly Dictionary<LogPartition, StartPoint> checkpoints = [];

    public Dictionary<Guid, CounterRow> Rows { get; } = [];

    /// <summary>What each commit wrote.</summary>
    public List<IReadOnlyList<RowChange<Guid, CounterRow>>> Commits { get; } = [];

    public Func<CounterRow, bool> Refuses { get; set; } = _ => false;

    /// <summary>Thrown by the commits to come, one each; after the commit where it says so.</summary>
    public Queue<(Exception Exception, bool AfterCommit)> Failures { get; } = new();

    public long Checkpoint(int partition) => checkpoints[Of(partition)].NextOffset;

    public static LogPartition Of(int partition) => new("shop.events", partition);

    public Task<int> PrepareAsync(ProjectionDefinition projection, CancellationToken cancellation) => Task.FromResult(1);

    public Task<IReadOnlyList<StartPoint>> TakeAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StartPoint>>([.. partitions.Select(Take)]);

    public StartPoint Take(LogPartition partition)
    {
        var known = checkpoints.GetValueOrDefault(partition) ?? new StartPoint(partition, 0, 0, null, 0, null);
        return checkpoints[partition] = known with { Epoch = known.Epoch + 1 };
    }

    public Task<IStorePage<Guid, CounterRow>> BeginAsync(int generation, CancellationToken cancellation) => Task.FromResult<IStorePage<Guid, CounterRow>>(new MemoryPage(this));

    private sealed class MemoryPage(MemoryStore store) : IStorePage<Guid, CounterRow>
    {
        public Task LoadAsync(IReadOnlyCollection<Guid> keys, Dictionary<Guid, CounterRow> rows, CancellationToken cancellation)
        {
            foreach (var key in keys)
            {
                if (store.Rows.TryGetValue(key, out var row))
                    rows.Add(key, row);
            }

            return Task.CompletedTask;
        }

        public Task CommitAsync(IReadOnlyList<RowChange<Guid, CounterRow>> changes, IReadOnlyList<CheckpointAdvance> advances, CancellationToken cancellation)
        {
            var failure = store.Failures.TryDequeue(out var next) ? next : default;
            if (failure is { Exception: { } before, AfterCommit: false })
                throw before;
            Commit(changes, advances);
            return failure.Exception is { } after ? throw after : Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Commit(IReadOnlyList<RowChange<Guid, CounterRow>> changes, IReadOnlyList<CheckpointAdvance> advances)
        {
            if (advances.Any(advance => store.checkpoints[advance.Partition] is var at && (at.Epoch != advance.Epoch || at.NextOffset != advance.From)))
                throw new CheckpointLostException();
            if (changes.FirstOrDefault(change => change.Row is { } row && store.Refuses(row)).Row is { } refused)
                throw new RowsRefusedException($"22000: {refused.CounterId}", new InvalidOperationException());

            foreach (var (key, row) in changes)
            {
                if (row is null)
                    store.Rows.Remove(key);
                else
                    store.Rows[key] = row;
            }

            foreach (var advance in advances)
                store.checkpoints[advance.Partition] = new StartPoint(advance.Partition, advance.Epoch, advance.To, advance.LastEventId, advance.Position, advance.Source);
            store.Commits.Add(changes);
        }
    }
}
