using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application;

/// <summary>Sends a command or a query through the pipeline to its handler.</summary>
public interface IDispatcher
{
    /// <summary>Validates, handles and commits a command.</summary>
    /// <typeparam name="T">The value of a success.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Cancels the operation before the commit.</param>
    /// <returns>The handler's value, the error of validation, handler or commit, or a replay.</returns>
    Task<CommandOutcome<T>> Send<T>(ICommand<T> command, CancellationToken cancellation);

    /// <summary>Validates and handles a query.</summary>
    /// <typeparam name="T">The value of a success.</typeparam>
    /// <param name="query">The query.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Result<T>> Query<T>(IQuery<T> query, CancellationToken cancellation);
}
