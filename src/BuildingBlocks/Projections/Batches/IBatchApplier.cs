using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Batches;

/// <summary>Folds a batch into a generation; hides the types of key and row from the loop.</summary>
internal interface IBatchApplier
{
    /// <summary>Pulsed when there is something to do between batches.</summary>
    LogSignal Work { get; }

    /// <summary>
    /// Folds and commits. An event that cannot be folded is parked, with its key; one without a key to park stops its partition's cursor right before it. Everything else of the batch is committed.
    /// </summary>
    Task ApplyAsync(EventBatch batch, CancellationToken cancellation);

    /// <summary>Parks the key of one event whose row the store refuses.</summary>
    Task ParkAsync(BatchEntry entry, string reason, CancellationToken cancellation);

    /// <summary>Does some of what is to be done between batches, on the partitions that are owned; pulses <see cref="Work"/> where there is more.</summary>
    Task WorkAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation);

    /// <summary>Hears that a partition was taken over, perhaps once more, and where it goes on.</summary>
    void Taken(Checkpoint point);
}
