using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>The registration of a projection, without its fold and its store.</summary>
/// <param name="Name">Its stable name (<c>orders.customers</c>).</param>
/// <param name="Version">The version of its fold; a newer one means that the rows must be rebuilt.</param>
/// <param name="Sources">The logs that feed it.</param>
/// <param name="Writers">Whether its partitions may be applied concurrently.</param>
public sealed record ProjectionDefinition(string Name, int Version, IReadOnlyList<EventSelection> Sources, WriterMode Writers)
{
    /// <summary>The consumer group of one of its generations.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="instance">Of a store that is one process's own: the name of this copy, which reads all partitions by itself.</param>
    public string GroupOf(int generation, string? instance) => $"monolith.{Name}.g{generation}{(instance is null ? "" : $".{instance}")}";
}
