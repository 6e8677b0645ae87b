using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>What is registered of a reactor.</summary>
/// <param name="Name">Its stable name (<c>orders.cancel-orders-of-deactivated</c>).</param>
/// <param name="Sources">The logs that it follows.</param>
internal sealed record ReactorDefinition(string Name, IReadOnlyList<EventSelection> Sources)
{
    /// <summary>The consumer group; a reactor has no generations.</summary>
    public string Group => $"monolith.reactor.{Name}";

    public IReadOnlyList<string> Logs => [.. Sources.Select(source => source.Catalogue.Log)];
}
