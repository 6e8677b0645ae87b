using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>Decides a command: loads the aggregate through a port, calls it, returns the answer. It may run again when another writer was faster.</summary>
/// <typeparam name="TCommand">The command.</typeparam>
/// <typeparam name="T">What the caller is told.</typeparam>
public interface ICommandHandler<in TCommand, T> : IRequestHandler<TCommand, Result<T>>
    where TCommand : ICommand<T>;
