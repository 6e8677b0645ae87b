using MediatR;

namespace Monolith.BuildingBlocks.Application;

/// <summary>A request to change one aggregate. The pipeline validates and commits it; its handler only decides.</summary>
/// <typeparam name="T">The value of a success.</typeparam>
public interface ICommand<T> : IRequest<CommandOutcome<T>>;

/// <summary>A command whose client may expect a version. A lost race is then an error and not retried.</summary>
public interface IConditional
{
    /// <summary>The version that the client expects; null for any.</summary>
    long? ExpectedVersion { get; }
}

/// <summary>A result that shows one aggregate at one version. Clients send the version back with their next command.</summary>
public interface IVersioned
{
    /// <summary>The aggregate's version.</summary>
    long Version { get; }
}
