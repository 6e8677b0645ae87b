namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>The content of a projection's registry at one moment.</summary>
/// <param name="Generations">All generations, oldest first, including those that have ended.</param>
/// <param name="Paused">Whether an operator paused the projection.</param>
/// <param name="DeadLetters">The number of dead letters by generation.</param>
/// <param name="HasPendingRequests">Whether some dead letters have a request that was not carried out yet.</param>
public sealed record Registry(
    IReadOnlyList<Generation> Generations, bool Paused, IReadOnlyDictionary<int, long> DeadLetters, bool HasPendingRequests)
{
    /// <summary>Why the rows of the live generation were lost; null if they were not, or another generation is live by now.</summary>
    public string? Lost { get; init; }

    /// <summary>The generation that queries read; null before the first is built.</summary>
    public Generation? Live => Generations.FirstOrDefault(generation => generation.State == GenerationState.Live);

    /// <summary>The generation that is under way, if there is one.</summary>
    public Generation? UnderWay => Generations.FirstOrDefault(generation => generation.IsUnderWay);

    /// <summary>Finds a generation by its number.</summary>
    /// <param name="number">The number.</param>
    public Generation? Find(int number) => Generations.FirstOrDefault(generation => generation.Number == number);
}
