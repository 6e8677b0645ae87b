using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Builder;
using Monolith.BuildingBlocks.Web;
using Monolith.Modules.Orders.Application;

namespace Monolith.Modules.Orders.Api;

/// <summary>The routes of Orders, one line a use case.</summary>
internal static class OrderRoutes
{
    private const string SnapshotName = "snapshot";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var orders = endpoints.MapGroup("/api/v1/orders");

        orders.MapCreate<PlaceOrder, OrderView>("", order => order.Id);
        orders.MapOne("/{id}", (id, query) => new GetOrder(id, query.Text(SnapshotName)));
        orders.MapPage("", query => new ListOrders(query.Limit(), query.After(), query.Id("customerId"), query.Text("status"), query.Text(SnapshotName)));
        orders.MapCommand<PayOrder, OrderView>(HttpMethod.Post, "/{id}/pay", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version });
        orders.MapCommand<ShipOrder, OrderView>(HttpMethod.Post, "/{id}/ship", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version });
        orders.MapCommand<CancelOrder, OrderView>(HttpMethod.Post, "/{id}/cancel", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version });

        endpoints.MapOne("/api/v1/order-summaries/{customerId}", (id, query) => new GetOrderSummary(id, query.Text(SnapshotName)), idName: "customerId");
    }
}
