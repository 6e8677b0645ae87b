using System.Security.Cryptography;
using MediatR;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Events.Writing;

namespace Monolith.BuildingBlocks.Application.Idempotency;

/// <summary>
/// Returns the stored response of a command whose key has succeeded before, and refuses a command whose key is in flight or belongs to
/// another request.
/// </summary>
internal sealed class IdempotencyBehaviour<TCommand, T>(CommandContext context, IdempotencyLookup keys, InFlightKeys inFlight)
    : IPipelineBehavior<TCommand, CommandOutcome<T>>
    where TCommand : ICommand<T>
{
    public async Task<CommandOutcome<T>> Handle(
        TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<CommandOutcome<T>> next)
    {
        if (context.Idempotency is not { } claim)
            return await next();

        var begun = inFlight.TryBegin(claim.Key);
        try
        {
            var (stored, isUsedElsewhere) = await keys.FindEverywhereAsync(claim.Key, cancellationToken);
            if (stored is not null)
                return Replay(claim, stored);
            if (isUsedElsewhere)
                return RequestErrors.KeyReused;
            if (!begun)
                return RequestErrors.KeyInUse;

            var outcome = await next();
            // Another host may have executed the same request first, so that this one failed on the new state.
            return outcome.Error is not null && await keys.FindAsync(claim.Key, cancellationToken) is { } concurrent
                ? Replay(claim, concurrent)
                : outcome;
        }
        finally
        {
            if (begun)
                inFlight.End(claim.Key);
        }
    }

    private CommandOutcome<T> Replay(IdempotencyClaim claim, IdempotencyRecord stored)
    {
        if (!CryptographicOperations.FixedTimeEquals(stored.Payload, claim.Payload))
            return RequestErrors.KeyReused;

        context.Offset = stored.Offset;
        return CommandOutcome<T>.Replay(stored.Response);
    }
}
