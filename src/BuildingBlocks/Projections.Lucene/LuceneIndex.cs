using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Reads the live generation or a snapshot of a projection.</summary>
internal sealed class LuceneIndex(string projection, LuceneRows rows, IGenerationRegistry registry) : ILuceneIndex
{
    public T Read<T>(Func<LuceneSearch, T> read)
    {
        while (true)
        {
            var live = rows.Live ?? throw new ReadModelBuildingException(projection);
            if (TryRead(live, read, out var result))
                return result;
            // Removed meanwhile: another generation is live now.
        }
    }

    public async Task<Result<T>> ReadAsync<T>(string snapshot, Func<LuceneSearch, T> read, CancellationToken cancellation)
    {
        var found = (await registry.ReadAsync(cancellation)).Generations.FirstOrDefault(
            generation => generation.State == GenerationState.Snapshot && generation.Snapshot == snapshot);
        return found is not null && rows.Find(found.Number) is { } index && TryRead(index, read, out var result)
            ? result
            : SnapshotErrors.Unknown(projection, snapshot);
    }

    private bool TryRead<T>(LuceneGeneration index, Func<LuceneSearch, T> read, out T result)
    {
        result = default!;
        if (index.Acquire() is not { } searcher)
            return false;
        try
        {
            result = read(new LuceneSearch(searcher));
            return true;
        }
        catch (Exception exception) when (BrokenIndex.Is(exception))
        {
            rows.ReportBroken(index.Number, exception);
            throw new ReadModelBuildingException(projection, "its index is broken and is being rebuilt");
        }
        finally
        {
            index.Release(searcher);
        }
    }
}
