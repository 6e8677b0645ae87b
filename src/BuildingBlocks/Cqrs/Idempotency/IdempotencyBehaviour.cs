using System.Security.Cryptography;
using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs.Idempotency;

/// <summary>
/// Answers a command whose key has succeeded before with the stored answer, and refuses one whose key is in flight or stands for another
/// request.
/// </summary>
internal sealed class IdempotencyBehaviour<TCommand, T>(CommandContext context, IdempotencyLookup keys, InFlightKeys inFlight)
    : IPipelineBehavior<TCommand, Result<T>>
    where TCommand : ICommand<T>
{
    public async Task<Result<T>> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<T>> next)
    {
        if (context.Idempotency is not { } claim)
            return await next();

        var begun = inFlight.TryBegin(claim.Key);
        try
        {
            var (kept, isUsedElsewhere) = await keys.FindEverywhereAsync(claim.Key, cancellationToken);
            if (kept is not null)
                return Answer(claim, kept);
            if (isUsedElsewhere)
                return RequestErrors.KeyReused;
            if (!begun)
                return RequestErrors.KeyInUse;

            var answer = await next();
            // Another host may have been faster with the same request; then this one was decided on what that one left behind.
            return answer.Error is not null && await keys.FindAsync(claim.Key, cancellationToken) is { } faster
                ? Answer(claim, faster)
                : answer;
        }
        finally
        {
            if (begun)
                inFlight.End(claim.Key);
        }
    }

    private Result<T> Answer(IdempotencyClaim claim, IdempotencyRecord kept)
    {
        if (!CryptographicOperations.FixedTimeEquals(kept.Payload, claim.Payload))
            return RequestErrors.KeyReused;

        context.Place = kept.Place;
        return Replay.Of<T>(claim, kept.Answer);
    }
}
