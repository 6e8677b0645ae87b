using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application;

/// <summary>
/// Handles a command: loads the aggregate through a port, calls it and returns a value. The pipeline calls it again after a lost race.
/// </summary>
/// <typeparam name="TCommand">The command.</typeparam>
/// <typeparam name="T">The value of a success.</typeparam>
public interface ICommandHandler<in TCommand, T>
    where TCommand : ICommand<T>
{
    /// <summary>Handles the command. The pipeline validates before and commits afterwards.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Cancels the operation before the commit.</param>
    Task<Result<T>> Handle(TCommand command, CancellationToken cancellationToken);
}

/// <summary>The innermost step of the pipeline.</summary>
internal sealed class CommandHandlerAdapter<TCommand, T>(ICommandHandler<TCommand, T> handler)
    : IRequestHandler<TCommand, CommandOutcome<T>>
    where TCommand : ICommand<T>
{
    public async Task<CommandOutcome<T>> Handle(TCommand request, CancellationToken cancellationToken) =>
        await handler.Handle(request, cancellationToken);
}
