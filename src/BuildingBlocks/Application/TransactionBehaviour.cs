using MediatR;
using Monolith.BuildingBlocks.Events.Writing;

namespace Monolith.BuildingBlocks.Application;

/// <summary>
/// Commits what a command's handler changed. After a lost race the handler runs again, a bounded number of times; a caller that sent
/// If-Match gets an error instead.
/// </summary>
internal sealed class TransactionBehaviour<TCommand, T>(CommandContext context, IUnitOfWork unitOfWork) : IPipelineBehavior<TCommand, CommandOutcome<T>>
    where TCommand : ICommand<T>
{
    private const int MostAttempts = 6;

    public async Task<CommandOutcome<T>> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<CommandOutcome<T>> next)
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
                case CommitStatus.Conflict when attempt == MostAttempts:
                    return RequestErrors.Contended;
                default:
                    unitOfWork.Reset();
                    await Backoff(attempt, cancellationToken);
                    break;
            }
        }
    }

    // Writers of one stream that collided once collide again when they start again together.
    private static Task Backoff(int attempt, CancellationToken cancellation) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 5 * attempt)), cancellation);
}
