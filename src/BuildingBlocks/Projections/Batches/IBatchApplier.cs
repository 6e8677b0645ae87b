using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Batches;

/// <summary>Applies batches to a generation; hides the types of key and row from the loop.</summary>
internal interface IBatchApplier
{
    /// <summary>Pulsed when there are requests for dead letters to carry out between batches.</summary>
    LogSignal Requests { get; }

    /// <summary>
    /// Folds and commits a batch. An event that cannot be folded becomes a dead letter, and so do the later events of its key; one without
    /// a known key stops the cursor of its partition right before it. Everything else of the batch is committed.
    /// </summary>
    Task ApplyAsync(EventBatch batch, CancellationToken cancellation);

    /// <summary>Makes an event a dead letter because the store refuses its row.</summary>
    Task AddDeadLetterAsync(BatchEntry entry, string reason, CancellationToken cancellation);

    /// <summary>Carries out some requests for dead letters; pulses <see cref="Requests"/> if there are more.</summary>
    Task HandleRequestsAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation);

    /// <summary>Called when a partition was assigned, perhaps again, with the checkpoint where it continues.</summary>
    void OnAssigned(Checkpoint checkpoint);
}
