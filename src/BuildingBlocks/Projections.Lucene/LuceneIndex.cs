using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Looks at the indexes of one projection: at the live one, whichever it is by now, or at a snapshot.</summary>
internal sealed class LuceneIndex(string projection, LuceneRows rows, IGenerationRegistry registry) : ILuceneIndex
{
    public T Read<T>(Func<LuceneSearch, T> read)
    {
        while (true)
        {
            var live = rows.Live ?? throw new ReadModelBuildingException(projection);
            if (TryRead(live, read, out var answer))
                return answer;
            // It was removed in this moment: by now another one is live.
        }
    }

    public async Task<Result<T>> ReadAsync<T>(string snapshot, Func<LuceneSearch, T> read, CancellationToken cancellation)
    {
        var kept = (await registry.ReadAsync(cancellation)).Generations.FirstOrDefault(generation => generation.State == GenerationState.Snapshot && generation.Snapshot == snapshot);
        return kept is not null && rows.Find(kept.Number) is { } place && TryRead(place, read, out var answer) ? answer : SnapshotErrors.Unknown(projection, snapshot);
    }

    private bool TryRead<T>(LuceneGeneration place, Func<LuceneSearch, T> read, out T answer)
    {
        answer = default!;
        if (place.Acquire() is not { } searcher)
            return false;
        try
        {
            answer = read(new LuceneSearch(searcher));
            return true;
        }
        catch (Exception exception) when (BrokenIndex.Is(exception))
        {
            rows.Tell(place.Number, exception);
            throw new ReadModelBuildingException(projection, "its index is broken, and is built anew");
        }
        finally
        {
            place.Release(searcher);
        }
    }
}
