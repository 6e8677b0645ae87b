using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application;

/// <summary>Brings a command or a query to its one handler, through the pipeline.</summary>
public interface IDispatcher
{
    /// <summary>Validates, handles and commits a command.</summary>
    /// <typeparam name="T">The value of a success.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Cancels the operation before the commit.</param>
    /// <returns>The handler's value, the error of validation, handler or commit, or a replay.</returns>
    Task<CommandOutcome<T>> Send<T>(ICommand<T> command, CancellationToken cancellation);

    /// <summary>Answers a query.</summary>
    /// <typeparam name="T">What the caller is told.</typeparam>
    /// <param name="query">The query.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<T>> Ask<T>(IQuery<T> query, CancellationToken cancellation);
}
