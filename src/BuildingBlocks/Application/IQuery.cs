using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application;

/// <summary>A question that changes nothing.</summary>
/// <typeparam name="T">What the caller is told.</typeparam>
public interface IQuery<T> : IRequest<Result<T>>;
