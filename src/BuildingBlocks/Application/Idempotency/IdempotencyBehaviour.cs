using System.Security.Cryptography;
using MediatR;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Events.Writing;

namespace Monolith.BuildingBlocks.Application.Idempotency;

/// <summary>
/// Answers a command whose key has succeeded before with the stored answer, and refuses one whose key is in flight or stands for another
/// request.
/// </summary>
internal sealed class IdempotencyBehaviour<TCommand, T>(CommandContext context, IdempotencyLookup keys, InFlightKeys inFlight)
    : IPipelineBehavior<TCommand, CommandOutcome<T>>
    where TCommand : ICommand<T>
{
    public async Task<CommandOutcome<T>> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<CommandOutcome<T>> next)
    {
        if (context.Idempotency is not { } claim)
            return await next();

        var begun = inFlight.TryBegin(claim.Key);
        try
        {
            var (kept, isUsedElsewhere) = await keys.FindEverywhereAsync(claim.Key, cancellationToken);
            if (kept is not null)
                return Replay(claim, kept);
            if (isUsedElsewhere)
                return RequestErrors.KeyReused;
            if (!begun)
                return RequestErrors.KeyInUse;

            var outcome = await next();
            // Another host may have executed the same request first; this one then failed on the state that the other left.
            return outcome.Error is not null && await keys.FindAsync(claim.Key, cancellationToken) is { } faster
                ? Replay(claim, faster)
                : outcome;
        }
        finally
        {
            if (begun)
                inFlight.End(claim.Key);
        }
    }

    private CommandOutcome<T> Replay(IdempotencyClaim claim, IdempotencyRecord kept)
    {
        if (!CryptographicOperations.FixedTimeEquals(kept.Payload, claim.Payload))
            return RequestErrors.KeyReused;

        context.Offset = kept.Offset;
        return CommandOutcome<T>.Replay(kept.Response);
    }
}
