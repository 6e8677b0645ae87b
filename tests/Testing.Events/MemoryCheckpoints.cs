using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Testing.Events;

/// <summary>Checkpoints without a store: each claim assigns the next epoch.</summary>
internal sealed class MemoryCheckpoints
{
    private readonly ConcurrentDictionary<LogPartition, Checkpoint> points = new();

    /// <summary>Exceptions that the next claims throw, one each.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>Records that everything up to a record was applied.</summary>
    public void Set(LogRecord last, string source)
    {
        var partition = new LogPartition(last.Log, last.Partition);
        points.AddOrUpdate(
            partition,
            _ => new Checkpoint(partition, 0, last.Offset + 1, last.EventId, last.Position, source),
            (_, known) => known with
            {
                NextOffset = last.Offset + 1,
                LastEventId = last.EventId,
                Position = last.Position,
                Source = source,
            });
    }

    public Task<IReadOnlyList<Checkpoint>> TakeAsync(IReadOnlyList<LogPartition> partitions, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? Task.FromCanceled<IReadOnlyList<Checkpoint>>(cancellation)
            : Failures.TryDequeue(out var failure)
            ? Task.FromException<IReadOnlyList<Checkpoint>>(failure)
            : Task.FromResult<IReadOnlyList<Checkpoint>>([.. partitions.Select(Take)]);

    private Checkpoint Take(LogPartition partition) =>
        points.AddOrUpdate(
            partition, _ => new Checkpoint(partition, 1, 0, null, 0, null), (_, known) => known with { Epoch = known.Epoch + 1 });
}
