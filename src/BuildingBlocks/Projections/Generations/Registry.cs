namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>What a store's registry holds of one projection, at one moment.</summary>
/// <param name="Generations">Its generations, oldest first, those that are gone too.</param>
/// <param name="Paused">Whether an operator paused it.</param>
/// <param name="Parked">How many events are parked, by generation.</param>
/// <param name="Asked">Whether an operator asked for something to be done with parked events that is not done yet.</param>
public sealed record Registry(IReadOnlyList<Generation> Generations, bool Paused, IReadOnlyDictionary<int, long> Parked, bool Asked)
{
    /// <summary>Why the rows that were live had to be thrown away, as long as no others have taken their place; null where that did not happen.</summary>
    public string? Lost { get; init; }

    /// <summary>The generation that answers the queries; null before the first is built.</summary>
    public Generation? Live => Generations.FirstOrDefault(generation => generation.State == GenerationState.Live);

    /// <summary>The generation that is under way; null where there is none.</summary>
    public Generation? UnderWay => Generations.FirstOrDefault(generation => generation.IsUnderWay);

    /// <summary>A generation by its number; null where there never was one.</summary>
    /// <param name="number">The number.</param>
    public Generation? Find(int number) => Generations.FirstOrDefault(generation => generation.Number == number);
}
