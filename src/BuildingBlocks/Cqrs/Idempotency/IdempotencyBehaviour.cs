using System.Security.Cryptography;
using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs.Idempotency;

/// <summary>Answers a command whose key has succeeded before with what was answered then, and refuses one whose key is running.</summary>
internal sealed class IdempotencyBehaviour<TCommand, T>(CommandContext context, IIdempotencyKeys keys, RunningKeys running) : IPipelineBehavior<TCommand, Result<T>>
    where TCommand : ICommand<T>
{
    public async Task<Result<T>> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<T>> next)
    {
        if (context.Idempotency is not { } claim)
            return await next();

        var begun = running.TryBegin(claim.Key);
        try
        {
            if (await KeptAsync(claim, cancellationToken) is { } kept)
                return kept;
            if (!begun)
                return RequestErrors.KeyInUse;

            var answer = await next();
            // Another host may have been faster with the same request; then this one was decided on what that one left behind.
            return answer.Error is null ? answer : await KeptAsync(claim, cancellationToken) ?? answer;
        }
        finally
        {
            if (begun)
                running.End(claim.Key);
        }
    }

    private async Task<Result<T>?> KeptAsync(IdempotencyClaim claim, CancellationToken cancellation)
    {
        if (await keys.FindAsync(claim.Key, cancellation) is not { } kept)
            return null;
        if (!CryptographicOperations.FixedTimeEquals(kept.Payload, claim.Payload))
            return RequestErrors.KeyReused;

        claim.Replay(kept.Answer);
        context.Place = kept.Place;
        return RequestErrors.AnsweredBefore;
    }
}
