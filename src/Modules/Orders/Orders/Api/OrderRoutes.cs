using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.CustomerView;
using Monolith.Modules.Orders.Domain;
using Monolith.Modules.Orders.Summaries;

namespace Monolith.Modules.Orders.Api;

/// <summary>The routes of Orders, one line a use case.</summary>
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

        orders.MapCreate<PlaceOrder, OrderView>("", order => order.Id).Reads(CustomerProjection.Name).Refuses(OrderErrors.CustomerUnknown(Customer), OrderErrors.CustomerInactive(Customer)).Example(OrderExamples.Place);
        orders.MapOne("/{id}", (id, query) => new GetOrder(id, query.Text(SnapshotName))).Reads(CustomerProjection.Name).Refuses(Unknown, ProjectionRefusals.Snapshot);
        orders.MapPage("", query => new ListOrders(query.Limit(), query.After(), query.Id("customerId"), query.Text("status"), query.Text(SnapshotName))).Reads(CustomerProjection.Name).Refuses(ProjectionRefusals.Snapshot);
        orders.MapCommand<PayOrder, OrderView>(HttpMethod.Post, "/{id}/pay", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version }).Reads(CustomerProjection.Name).Refuses(Unknown, OrderErrors.Status("paid", OrderStatus.Shipped)).Example(OrderExamples.Pay);
        orders.MapCommand<ShipOrder, OrderView>(HttpMethod.Post, "/{id}/ship", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version }).Reads(CustomerProjection.Name).Refuses(Unknown, OrderErrors.Status("shipped", OrderStatus.Placed)).Example(OrderExamples.Ship);
        orders.MapCommand<CancelOrder, OrderView>(HttpMethod.Post, "/{id}/cancel", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version }).Reads(CustomerProjection.Name).Refuses(Unknown, OrderErrors.Status("cancelled", OrderStatus.Shipped)).Example(OrderExamples.Cancel);

        endpoints.MapOne(
                "/api/v1/order-summaries/{customerId}",
                (id, query) => new GetOrderSummary(id, query.Text(SnapshotName)),
                idName: "customerId")
            .Tag(Summaries).Reads(SummaryProjection.Name).Refuses(OrderErrors.NoSummary(Customer), ProjectionRefusals.Snapshot);
    }
}
