using MediatR;

namespace Monolith.BuildingBlocks.Application;

/// <summary>A request to change one aggregate. It is validated, handled and committed by the pipeline; its handler only decides.</summary>
/// <typeparam name="T">The value of a success.</typeparam>
public interface ICommand<T> : IRequest<CommandOutcome<T>>;
