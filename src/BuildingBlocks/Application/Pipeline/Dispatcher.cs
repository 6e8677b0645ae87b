using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application.Pipeline;

/// <summary>Dispatches with MediatR. Nothing outside this project depends on that library's API.</summary>
internal sealed class Dispatcher(IMediator mediator) : IDispatcher
{
    public Task<CommandOutcome<T>> Send<T>(ICommand<T> command, CancellationToken cancellation) => mediator.Send(command, cancellation);

    public Task<Result<T>> Query<T>(IQuery<T> query, CancellationToken cancellation) => mediator.Send(query, cancellation);
}
