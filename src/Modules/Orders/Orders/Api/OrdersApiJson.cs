using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Web.Responses;
using Monolith.Modules.Orders.Application;

namespace Monolith.Modules.Orders.Api;

/// <summary>What Orders reads and writes over HTTP.</summary>
[JsonSerializable(typeof(PlaceOrder))]
[JsonSerializable(typeof(PayOrder))]
[JsonSerializable(typeof(ShipOrder))]
[JsonSerializable(typeof(CancelOrder))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(PageBody<OrderView>))]
[JsonSerializable(typeof(OrderSummary))]
internal sealed partial class OrdersApiJson : JsonSerializerContext;
