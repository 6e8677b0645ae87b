using MediatR;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>A request to change one aggregate. It is validated, handled and committed by the pipeline; its handler only decides.</summary>
/// <typeparam name="T">What the caller is told.</typeparam>
public interface ICommand<T> : IRequest<Result<T>>;
