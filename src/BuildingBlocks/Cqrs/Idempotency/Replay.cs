using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs.Idempotency;

/// <summary>
/// The outcome of a command whose key has succeeded before. It is neither a value nor a refusal: the stored answer is bytes, which
/// <see cref="IdempotencyClaim.Answer"/> holds. A result cannot carry them, so that this marker travels through the pipeline instead.
/// </summary>
internal static class Replay
{
    private static readonly Error Marker = new(
        ErrorKind.Conflict, "replayed", "Replayed", "The stored answer of an earlier request with the same key is sent.");

    public static Result<T> Of<T>(IdempotencyClaim claim, StoredResponse answer)
    {
        claim.Replay(answer);
        return Marker;
    }

    public static bool Is<T>(Result<T> result) => ReferenceEquals(result.Error, Marker);
}
