using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;

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

/// <summary>An operation in the registry.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Action">What was asked for, in words.</param>
/// <param name="Asking">What it asks of parked events that has not come to the rows yet.</param>
internal sealed record OperationEntry(Operation Operation, string Action, OpenRequest? Asking = null);

/// <summary>What an operation asks of parked events: recorded before the rows hear of it, and asked of them again after a crash in between.</summary>
/// <param name="Key">One key; null for all.</param>
/// <param name="Request">What is asked.</param>
internal sealed record OpenRequest(string? Key, DeadLetterRequest Request);
