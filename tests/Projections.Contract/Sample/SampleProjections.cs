using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

public static class SampleProjections
{
    /// <summary>Counters from the shop's log alone, keyed by the stream id.</summary>
    public static ProjectionDefinition Concurrent(EventCatalogue? shop = null, params string[] wanted) =>
        new(
            "shop.counters",
            1,
            [new EventSelection(shop ?? SampleCatalogues.Shop(), wanted.Length == 0 ? null : wanted.ToHashSet())],
            WriterMode.Concurrent);

    /// <summary>Counters from any logs.</summary>
    public static ProjectionDefinition Serialized(params EventCatalogue[] catalogues) =>
        new(
            "shop.counters",
            1,
            [.. (catalogues.Length == 0 ? [SampleCatalogues.Shop()] : catalogues).Select(catalogue => new EventSelection(catalogue, null))],
            WriterMode.Serialized);
}
