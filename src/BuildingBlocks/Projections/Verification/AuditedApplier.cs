using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Verification;

/// <summary>
/// Compares what the transport brought with the log, record by record, before a batch of a verification is applied: what it finds is in the registry before a checkpoint passes it, so that it is not
/// lost where another run goes on from there. And it stops the replay at a given place, so that it can be compared with rows of that place.
/// </summary>
internal sealed class AuditedApplier(IBatchApplier inner, LogHeads heads, IGenerationRegistry registry, int generation) : IBatchApplier, IDisposable
{
    private const int MostFaults = 100;

    private readonly SemaphoreSlim batches = new(1);
    private volatile IReadOnlyDictionary<LogPartition, long>? end;
    private int found;

    public LogSignal Work => inner.Work;

    /// <summary>Lets no further batch begin until <see cref="RunTo"/>; completes when none is in work.</summary>
    public Task PauseAsync(CancellationToken cancellation) => batches.WaitAsync(cancellation);

    /// <summary>Goes on up to some offsets, and not beyond.</summary>
    public void RunTo(IReadOnlyDictionary<LogPartition, long> ends)
    {
        end = ends;
        batches.Release();
    }

    public void Dispose() => batches.Dispose();

    public async Task ApplyAsync(EventBatch batch, CancellationToken cancellation)
    {
        await batches.WaitAsync(cancellation);
        try
        {
            if (end is not null)
                batch.DropFrom(end);
            if (batch.Count > 0)
                await AuditAndApplyAsync(batch, cancellation);
        }
        finally
        {
            batches.Release();
        }
    }

    public Task ParkAsync(BatchEntry entry, string reason, CancellationToken cancellation) => inner.ParkAsync(entry, reason, cancellation);

    public Task WorkAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation) => inner.WorkAsync(owned, cancellation);

    public void Taken(Checkpoint point) => inner.Taken(point);

    private async Task AuditAndApplyAsync(EventBatch batch, CancellationToken cancellation)
    {
        if (found < MostFaults && await heads.DifferencesAsync([.. batch.Entries.Select(entry => entry.Record)], cancellation) is { Count: > 0 } faults)
        {
            string[] some = [.. faults.Take(MostFaults - found)];
            await registry.NoteFaultsAsync(generation, some, cancellation);
            found += some.Length;
        }

        await inner.ApplyAsync(batch, cancellation);
    }
}
