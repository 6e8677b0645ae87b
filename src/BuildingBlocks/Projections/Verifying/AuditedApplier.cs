using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Verifying;

/// <summary>
/// Compares what the transport brought with the log, record by record, before a page of a verification is applied: what it finds is in the registry before a checkpoint passes it, so that it is not
/// lost where another run goes on from there. And it stops the replay at a given place, so that it can be compared with rows of that place.
/// </summary>
internal sealed class AuditedApplier(IPageApplier inner, LogHeads heads, IGenerationRegistry registry, int generation) : IPageApplier, IDisposable
{
    private const int MostFaults = 100;

    private readonly SemaphoreSlim pages = new(1);
    private volatile IReadOnlyDictionary<LogPartition, long>? end;
    private int found;

    public LogSignal Work => inner.Work;

    /// <summary>Lets no further page begin until <see cref="RunTo"/>; completes when none is in work.</summary>
    public Task PauseAsync(CancellationToken cancellation) => pages.WaitAsync(cancellation);

    /// <summary>Goes on up to some offsets, and not beyond.</summary>
    public void RunTo(IReadOnlyDictionary<LogPartition, long> ends)
    {
        end = ends;
        pages.Release();
    }

    public void Dispose() => pages.Dispose();

    public async Task ApplyAsync(Page page, CancellationToken cancellation)
    {
        await pages.WaitAsync(cancellation);
        try
        {
            if (end is not null)
                page.DropFrom(end);
            if (page.Count > 0)
                await AuditAndApplyAsync(page, cancellation);
        }
        finally
        {
            pages.Release();
        }
    }

    public Task ParkAsync(PageEntry entry, string reason, CancellationToken cancellation) => inner.ParkAsync(entry, reason, cancellation);

    public Task WorkAsync(IReadOnlyDictionary<LogPartition, PartitionCursor> owned, CancellationToken cancellation) => inner.WorkAsync(owned, cancellation);

    public void Taken(StartPoint point) => inner.Taken(point);

    private async Task AuditAndApplyAsync(Page page, CancellationToken cancellation)
    {
        if (found < MostFaults && await heads.DifferencesAsync([.. page.Entries.Select(entry => entry.Record)], cancellation) is { Count: > 0 } faults)
        {
            string[] some = [.. faults.Take(MostFaults - found)];
            await registry.NoteFaultsAsync(generation, some, cancellation);
            found += some.Length;
        }

        await inner.ApplyAsync(page, cancellation);
    }
}
