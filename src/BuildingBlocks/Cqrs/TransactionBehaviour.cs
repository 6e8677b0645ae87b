using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>
/// Commits what a command's handler decided, once the answer is known. A lost race is decided anew a bounded number of times, unless the caller
/// insisted on a version: then it is told.
/// </summary>
internal sealed class TransactionBehaviour<TCommand, T>(CommandContext context, IUnitOfWork unitOfWork) : IPipelineBehavior<TCommand, Result<T>>
    where TCommand : ICommand<T>
{
    private const int MostAttempts = 6;

    public async Task<Result<T>> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<T>> next)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await next();
            if (answer.Error is not null)
                return answer;

            context.Idempotency?.Form(answer.Value!);
            var commit = await unitOfWork.CommitAsync(cancellationToken);
            switch (commit.Status)
            {
                case CommitStatus.Committed:
                    return answer;
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
