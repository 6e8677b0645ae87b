using Monolith.BuildingBlocks.EventLog.Events;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>A log that feeds a projection.</summary>
/// <param name="Catalogue">The events of the log.</param>
/// <param name="Types">The type names that the projection wants; null when it wants all, also those that this binary does not know.</param>
public sealed record ProjectionSource(EventCatalogue Catalogue, IReadOnlySet<string>? Types)
{
    /// <summary>Whether the fold has to see an event of this type.</summary>
    /// <param name="type">The type name.</param>
    public bool Wants(string type) => Types is null || Types.Contains(type);
}
