using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.Samples.FoldEvents;

[EventType("shop.item-sold.v1")]
public sealed record ItemSold(Guid ItemId, int Items) : IEvent;

/// <summary>How many of an item were sold.</summary>
public sealed record Sales(Guid ItemId, int Items);

public sealed class SalesProjection : KeyedProjection<Guid, Sales>
{
    public SalesProjection() => On<ItemSold>(e => e.ItemId, (e, row) => new Sales(e.ItemId, (row?.Items ?? 0) + e.Items));
}

[JsonSerializable(typeof(ItemSold))]
internal sealed partial class ShopJson : JsonSerializerContext;
