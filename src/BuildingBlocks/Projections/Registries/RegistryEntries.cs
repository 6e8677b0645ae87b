using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>A generation in the registry, with the claim of its builder and until when its writes are blocked.</summary>
internal sealed record GenerationEntry(
    Generation Generation,
    Guid? Builder = null,
    DateTimeOffset? BuilderUntil = null,
    [property: JsonPropertyName("heldUntil")] DateTimeOffset? BlockedUntil = null)
{
    public int Number => Generation.Number;

    public bool CanBeClaimed(Guid by, DateTimeOffset now) =>
        Generation.IsUnderWay && (Builder is null || Builder == by || BuilderUntil < now);
}

/// <summary>An operation in the registry, with the request in words and what has not been delivered to the dead letters yet.</summary>
internal sealed record OperationEntry(
    Operation Operation, string Action, [property: JsonPropertyName("asking")] UndeliveredRequest? Undelivered = null);

/// <summary>
/// A request for dead letters that was recorded before it is added to them. After a crash in between it is added again. The key is null for
/// all keys.
/// </summary>
internal sealed record UndeliveredRequest(string? Key, DeadLetterRequest Request);
