using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>Brings a command or a query to its one handler, through the pipeline.</summary>
public interface IDispatcher
{
    /// <summary>Validates, handles and commits a command.</summary>
    /// <typeparam name="T">What the caller is told.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <returns>The handler's answer, or the error of validation, handler or commit.</returns>
    Task<Result<T>> Send<T>(ICommand<T> command, CancellationToken cancellation);

    /// <summary>Answers a query.</summary>
    /// <typeparam name="T">What the caller is told.</typeparam>
    /// <param name="query">The query.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<T>> Ask<T>(IQuery<T> query, CancellationToken cancellation);
}
