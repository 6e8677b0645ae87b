using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application;

/// <summary>Answers a query.</summary>
/// <typeparam name="TQuery">The query.</typeparam>
/// <typeparam name="T">What the caller is told.</typeparam>
public interface IQueryHandler<in TQuery, T> : IRequestHandler<TQuery, Result<T>>
    where TQuery : IQuery<T>;
