using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>What is registered of a reactor.</summary>
/// <param name="Name">Its stable name (<c>orders.cancel-orders-of-deactivated</c>).</param>
/// <param name="Sources">The logs that it follows.</param>
internal sealed record ReactorDefinition(string Name, IReadOnlyList<EventSelection> Sources)
{
    /// <summary>The consumer group; a reactor has no generations.</summary>
    public string Group => $"monolith.reactor.{Name}";

    /// <summary>The definition of a reactor: what it follows is what its <c>On</c> lines name.</summary>
    /// <exception cref="InvalidOperationException">It names no event, or one of no known log.</exception>
    public static ReactorDefinition Of(string name, Reactor reactor, IServiceCollection services) => reactor.Events.Count > 0
        ? new ReactorDefinition(name, EventSelection.Of(services, reactor.Events, wholeLogs: []))
        : throw new InvalidOperationException(
            $"The reactor {name} reacts to no event: name each with On in the constructor of {reactor.GetType().Name}.");

    public IReadOnlyList<string> Logs => [.. Sources.Select(source => source.Catalogue.Log)];
}
