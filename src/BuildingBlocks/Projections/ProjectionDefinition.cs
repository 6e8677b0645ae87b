using Monolith.BuildingBlocks.EventLog.Events;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>What is registered of a projection, apart from its fold and its store.</summary>
/// <param name="Name">Its stable name (<c>orders.customers</c>).</param>
/// <param name="Version">The version of its fold; a newer one means that the rows must be built anew.</param>
/// <param name="Sources">The logs that feed it.</param>
/// <param name="Writers">Whether its partitions may be applied side by side.</param>
public sealed record ProjectionDefinition(string Name, int Version, IReadOnlyList<ProjectionSource> Sources, WriterMode Writers)
{
    /// <summary>The consumer group of one of its generations.</summary>
    /// <param name="generation">The generation's number.</param>
    public string GroupOf(int generation) => $"monolith.{Name}.g{generation}";
}

/// <summary>A log that feeds a projection.</summary>
/// <param name="Catalogue">The events of the log.</param>
/// <param name="Types">The type names that the projection wants; null when it wants all, also those that this binary does not know.</param>
public sealed record ProjectionSource(EventCatalogue Catalogue, IReadOnlySet<string>? Types)
{
    /// <summary>Whether the fold has to see an event of this type.</summary>
    /// <param name="type">The type name.</param>
    public bool Wants(string type) => Types is null || Types.Contains(type);
}

/// <summary>Who may write the rows of a generation at the same time.</summary>
public enum WriterMode
{
    /// <summary>One page at a time: rows of different partitions may share a key.</summary>
    OnePageAtATime,

    /// <summary>One log, keyed by the stream id: no two partitions share a row, so they are applied side by side.</summary>
    SideBySide,
}
