using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application;

/// <summary>The dispatcher over MediatR; nothing outside this folder knows which library it is.</summary>
internal sealed class Dispatcher(IMediator mediator) : IDispatcher
{
    public Task<CommandOutcome<T>> Send<T>(ICommand<T> command, CancellationToken cancellation) => mediator.Send(command, cancellation);

    public Task<Result<T>> Ask<T>(IQuery<T> query, CancellationToken cancellation) => mediator.Send(query, cancellation);
}
