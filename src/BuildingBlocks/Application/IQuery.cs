using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application;

/// <summary>A request that changes nothing.</summary>
/// <typeparam name="T">The value of a success.</typeparam>
public interface IQuery<T> : IRequest<Result<T>>;

/// <summary>Handles a query.</summary>
/// <typeparam name="TQuery">The query.</typeparam>
/// <typeparam name="T">The value of a success.</typeparam>
public interface IQueryHandler<in TQuery, T> : IRequestHandler<TQuery, Result<T>>
    where TQuery : IQuery<T>;
