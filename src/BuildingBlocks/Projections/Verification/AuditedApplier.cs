using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Verification;

/// <summary>
/// Compares the records of the transport with the log before it applies a batch of a verification. Faults are in the registry before a
/// checkpoint passes them, so that they are not lost if another run continues from there. It also stops the replay at given offsets, so
/// that its rows can be compared with live rows of the same offsets.
/// </summary>
internal sealed class AuditedApplier(
    IBatchApplier inner, LogHeads heads, IGenerationRegistry registry, int generation) : IBatchApplier, IDisposable
{
    private const int MaxFaults = 100;

    private readonly SemaphoreSlim batches = new(1);
    private volatile IReadOnlyDictionary<LogPartition, long>? stopOffsets;
    private int faultCount;

    public LogSignal Requests => inner.Requests;

    /// <summary>Completes when no batch is being applied; no further batch starts until <see cref="RunTo"/>.</summary>
    public Task PauseAsync(CancellationToken cancellation) => batches.WaitAsync(cancellation);

    /// <summary>Continues up to the given offsets.</summary>
    public void RunTo(IReadOnlyDictionary<LogPartition, long> offsets)
    {
        stopOffsets = offsets;
        batches.Release();
    }

    public void Dispose() => batches.Dispose();

    public async Task ApplyAsync(EventBatch batch, CancellationToken cancellation)
    {
        await batches.WaitAsync(cancellation);
        try
        {
            if (stopOffsets is not null)
                batch.RemoveFrom(stopOffsets);
            if (batch.Count > 0)
                await AuditAndApplyAsync(batch, cancellation);
        }
        finally
        {
            batches.Release();
        }
    }

    public Task AddDeadLetterAsync(BatchEntry entry, string reason, CancellationToken cancellation) =>
        inner.AddDeadLetterAsync(entry, reason, cancellation);

    public Task HandleRequestsAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation) =>
        inner.HandleRequestsAsync(owned, cancellation);

    public void OnAssigned(Checkpoint checkpoint) => inner.OnAssigned(checkpoint);

    private async Task AuditAndApplyAsync(EventBatch batch, CancellationToken cancellation)
    {
        if (faultCount < MaxFaults)
        {
            var faults = await heads.DifferencesAsync([.. batch.Entries.Select(entry => entry.Record)], cancellation);
            string[] some = [.. faults.Take(MaxFaults - faultCount)];
            if (some.Length > 0)
                await registry.AddFaultsAsync(generation, some, cancellation);
            faultCount += some.Length;
        }

        await inner.ApplyAsync(batch, cancellation);
    }
}
