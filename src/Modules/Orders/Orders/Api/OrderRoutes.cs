using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.Responses;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Api;

/// <summary>The routes of Orders.</summary>
internal static class OrderRoutes
{
    private const string SnapshotName = "snapshot";

    private static readonly RouteTag Orders = new("Orders", "Orders of customers: placed, then paid, then shipped, or cancelled before.");
    private static readonly RouteTag Summaries = new("Order summaries", "What each customer ordered, in sum.");
    private static readonly Guid Customer = OrderExamples.Place.CustomerId;
    private static readonly Error Unknown = OrderErrors.NotFound(OrderExamples.Id);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var orders = endpoints.MapGroup("/api/v1/orders").Tag(Orders);

        orders.MapCreate<PlaceOrder, OrderView>("", order => order.Id)
            .Reads(ReadModels.Customers)
            .Refuses(OrderErrors.CustomerUnknown(Customer), OrderErrors.CustomerInactive(Customer))
            .Example(OrderExamples.Place);
        orders.MapOne("/{id}", (id, query) => new GetOrder(id, query.Text(SnapshotName)))
            .Reads(ReadModels.Customers)
            .Refuses(Unknown, ProjectionRefusals.Snapshot);
        orders.MapPage("", ListOf)
            .Reads(ReadModels.Customers)
            .Refuses(ProjectionRefusals.Snapshot);
        orders.MapCommand<PayOrder, OrderView>(
                HttpMethod.Post, "/{id}/pay", (command, route) => command with { OrderId = route.Id, ExpectedVersion = route.Version })
            .Reads(ReadModels.Customers)
            .Refuses(Unknown, OrderErrors.Status("paid", OrderStatus.Shipped))
            .Example(OrderExamples.Pay);
        orders.MapCommand<ShipOrder, OrderView>(
                HttpMethod.Post, "/{id}/ship", (command, route) => command with { OrderId = route.Id, ExpectedVersion = route.Version })
            .Reads(ReadModels.Customers)
            .Refuses(Unknown, OrderErrors.Status("shipped", OrderStatus.Placed))
            .Example(OrderExamples.Ship);
        orders.MapCommand<CancelOrder, OrderView>(
                HttpMethod.Post, "/{id}/cancel", (command, route) => command with { OrderId = route.Id, ExpectedVersion = route.Version })
            .Reads(ReadModels.Customers)
            .Refuses(Unknown, OrderErrors.Status("cancelled", OrderStatus.Shipped))
            .Example(OrderExamples.Cancel);

        endpoints.MapOne(
                "/api/v1/order-summaries/{customerId}",
                (id, query) => new GetOrderSummary(id, query.Text(SnapshotName)),
                idName: "customerId")
            .Tag(Summaries)
            .Reads(ReadModels.Summaries)
            .Refuses(OrderErrors.NoSummary(Customer), ProjectionRefusals.Snapshot);
    }

    private static ListOrders ListOf(QueryReader query) =>
        new(query.Limit(), query.After(), query.Id("customerId"), query.Text("status"), query.Text(SnapshotName));
}

/// <summary>An example request for each use case. The API documents show it, and a test sends it.</summary>
internal static class OrderExamples
{
    public static Guid Id { get; } = Guid.Parse("0198a8a0-0000-7000-8000-000000000002");

    public static PlaceOrder Place { get; } = new(
        Guid.Parse("0198a8a0-0000-7000-8000-000000000001"),
        "EUR",
        new Address("Hauptstr. 1", "10115", "Berlin", "DE"),
        [new PlaceOrder.Item("p-1", "Tea", 2, 4.50m)]);

    public static PayOrder Pay { get; } = new("invoice 1");

    public static ShipOrder Ship { get; } = new("DHL", "00340434161094015902");

    public static CancelOrder Cancel { get; } = new("ordered twice");
}

/// <summary>The JSON of the requests and responses of Orders.</summary>
[JsonSerializable(typeof(PlaceOrder))]
[JsonSerializable(typeof(PayOrder))]
[JsonSerializable(typeof(ShipOrder))]
[JsonSerializable(typeof(CancelOrder))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(PageBody<OrderView>))]
[JsonSerializable(typeof(OrderSummary))]
internal sealed partial class OrdersApiJson : JsonSerializerContext;
