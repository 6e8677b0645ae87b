using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>A generation in the registry, with what only the registry has to know.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Builder">Who has claimed its build.</param>
/// <param name="BuilderUntil">Until when the claim holds.</param>
/// <param name="HeldUntil">Until when its batches wait, so that its successor can reach it.</param>
internal sealed record GenerationEntry(Generation Generation, Guid? Builder = null, DateTimeOffset? BuilderUntil = null, DateTimeOffset? HeldUntil = null)
{
    public int Number => Generation.Number;

    public bool CanBeClaimed(Guid by, DateTimeOffset now) => Generation.IsUnderWay && (Builder is null || Builder == by || BuilderUntil < now);
}
