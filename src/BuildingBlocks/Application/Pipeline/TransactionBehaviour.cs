using MediatR;
using Monolith.BuildingBlocks.Events.Writing;

namespace Monolith.BuildingBlocks.Application.Pipeline;

/// <summary>
/// Commits the changes of a command's handler. After a lost race the handler runs again, a limited number of times; a client that
/// expects a version gets an error instead.
/// </summary>
internal sealed class TransactionBehaviour<TCommand, T>(CommandContext context, IUnitOfWork unitOfWork)
    : IPipelineBehavior<TCommand, CommandOutcome<T>>
    where TCommand : ICommand<T>
{
    private const int MaxAttempts = 6;

    public async Task<CommandOutcome<T>> Handle(
        TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<CommandOutcome<T>> next)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await next();
            if (!outcome.Result.TryGet(out var value, out _))
                return outcome;

            context.Idempotency?.Complete(value!);
            var commit = await unitOfWork.CommitAsync(cancellationToken);
            switch (commit.Status)
            {
                case CommitStatus.Committed:
                    return outcome;
                case CommitStatus.KeyInUse:
                    return RequestErrors.KeyInUse;
                case CommitStatus.Refused:
                    return commit.Refusal!;
                case CommitStatus.Conflict when request is IConditional { ExpectedVersion: { } expected }:
                    return RequestErrors.Stale(expected);
                case CommitStatus.Conflict when attempt == MaxAttempts:
                    return RequestErrors.Contended;
                default:
                    unitOfWork.Reset();
                    await Backoff(attempt, cancellationToken);
                    break;
            }
        }
    }

    // Without jitter, writers of one stream that collided would collide again.
    private static Task Backoff(int attempt, CancellationToken cancellation) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 5 * attempt)), cancellation);
}
