using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.Modules.Stock.Contracts;

/// <summary>An item was added to the assortment, with nothing in stock.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Name">The name of the item.</param>
[EventType("item.added.v1")]
public sealed record ItemAdded(Guid ItemId, string Name) : IEvent;

/// <summary>A delivery of an item was received.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Quantity">The number of pieces in the delivery.</param>
/// <param name="InStock">The number of pieces in stock after it.</param>
[EventType("item.received.v1")]
public sealed record ItemReceived(Guid ItemId, int Quantity, int InStock) : IEvent;

/// <summary>An item got another name.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Name">The new name of the item.</param>
[EventType("item.renamed.v1")]
public sealed record ItemRenamed(Guid ItemId, string Name) : IEvent;

/// <summary>The topic of Stock.</summary>
public static class StockTopic
{
    /// <summary>The name of the log and of the topic that mirrors it.</summary>
    public const string Name = "stock.events";
}

/// <summary>Reads and writes the events of Stock.</summary>
[JsonSerializable(typeof(ItemAdded))]
[JsonSerializable(typeof(ItemReceived))]
[JsonSerializable(typeof(ItemRenamed))]
public sealed partial class StockJson : JsonSerializerContext
{
    /// <summary>The context to use. The generated <c>Default</c> uses another encoder.</summary>
    public static StockJson Contracts { get; } = new(EventJson.NewOptions());
}
