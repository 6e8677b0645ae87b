using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Opens sessions. Their number is limited, since each needs memory of DuckDB.</summary>
internal sealed class DuckDbReads(DuckDbInstance instance, IServiceProvider services) : IDuckDbReads, IDisposable
{
    private const int MaxSessions = 8;

    private readonly SemaphoreSlim slots = new(MaxSessions);

    public async Task<DuckDbSession> OpenAsync(IReadOnlyList<string> projections, CancellationToken cancellation)
    {
        await slots.WaitAsync(cancellation);
        var entered = new Dictionary<string, DuckDbFile>();
        try
        {
            foreach (var projection in projections)
                entered.Add(projection, GenerationsOf(projection).EnterLive());
            return new DuckDbSession(instance.Connect(), entered, () => slots.Release());
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
        var generation = registry.Generations.FirstOrDefault(
            entry => entry.State == GenerationState.Snapshot && entry.Snapshot == snapshot);
        await slots.WaitAsync(cancellation);
        var file = generation is null ? null : GenerationsOf(projection).Enter(generation.Number);
        if (file is null)
        {
            slots.Release();
            return SnapshotErrors.Unknown(projection, snapshot);
        }

        try
        {
            return new DuckDbSession(instance.Connect(), new Dictionary<string, DuckDbFile> { [projection] = file }, () => slots.Release());
        }
        catch
        {
            Leave([file]);
            throw;
        }
    }

    public void Dispose() => slots.Dispose();

    private void Leave(IEnumerable<DuckDbFile> files)
    {
        foreach (var file in files)
            file.Leave();
        slots.Release();
    }

    private IDuckDbGenerations GenerationsOf(string projection) => services.GetRequiredKeyedService<IDuckDbGenerations>(projection);
}
