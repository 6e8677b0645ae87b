using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Opens reads, no more at once than the memory of DuckDB is meant for.</summary>
internal sealed class DuckDbReads(DuckDbInstance instance, IServiceProvider services) : IDuckDbReads, IDisposable
{
    private const int MostAtOnce = 8;

    private readonly SemaphoreSlim turns = new(MostAtOnce);

    public async Task<DuckDbSession> OpenAsync(IReadOnlyList<string> projections, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        var entered = new Dictionary<string, DuckDbFile>();
        try
        {
            foreach (var projection in projections)
                entered.Add(projection, GenerationsOf(projection).EnterLive());
            return new DuckDbSession(instance.Connect(), entered, () => turns.Release());
        }
        catch
        {
            Leave(entered.Values);
            throw;
        }
    }

    public async Task<Result<DuckDbSession>> OpenSnapshotAsync(string projection, string snapshot, CancellationToken cancellation)
    {
        var registry = await services.GetRequiredKeyedService<IGenerationRegistry>(projection).ReadAsync(cancellation);
        var generation = registry.Generations.FirstOrDefault(entry => entry.State == GenerationState.Snapshot && entry.Snapshot == snapshot);
        await turns.WaitAsync(cancellation);
        var file = generation is null ? null : GenerationsOf(projection).Enter(generation.Number);
        if (file is null)
        {
            turns.Release();
            return SnapshotErrors.Unknown(projection, snapshot);
        }

        try
        {
            return new DuckDbSession(instance.Connect(), new Dictionary<string, DuckDbFile> { [projection] = file }, () => turns.Release());
        }
        catch
        {
            Leave([file]);
            throw;
        }
    }

    public void Dispose() => turns.Dispose();

    private void Leave(IEnumerable<DuckDbFile> files)
    {
        foreach (var file in files)
            file.Leave();
        turns.Release();
    }

    private IDuckDbGenerations GenerationsOf(string projection) => services.GetRequiredKeyedService<IDuckDbGenerations>(projection);
}
