using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

/// <summary>The catalogues of the two sample modules.</summary>
public static class SampleCatalogues
{
    public static EventCatalogue Shop(string log = "shop.events") =>
        new(log, SampleJson.Contracts, [typeof(Counted), typeof(Named), typeof(Removed)]);

    public static EventCatalogue Depot(string log = "depot.events") => new(log, SampleJson.Contracts, [typeof(Stocked)]);
}
