using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Builder;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.CustomerView;
using Monolith.Modules.Orders.Summaries;

namespace Monolith.Modules.Orders.Api;

/// <summary>The routes of Orders, one line a use case.</summary>
internal static class OrderRoutes
{
    private const string SnapshotName = "snapshot";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var orders = endpoints.MapGroup("/api/v1/orders");

        orders.MapCreate<PlaceOrder, OrderView>("", order => order.Id).Reads(CustomerProjection.Name);
        orders.MapOne("/{id}", (id, query) => new GetOrder(id, query.Text(SnapshotName))).Reads(CustomerProjection.Name);
        orders.MapPage("", query => new ListOrders(query.Limit(), query.After(), query.Id("customerId"), query.Text("status"), query.Text(SnapshotName))).Reads(CustomerProjection.Name);
        orders.MapCommand<PayOrder, OrderView>(HttpMethod.Post, "/{id}/pay", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version });
        orders.MapCommand<ShipOrder, OrderView>(HttpMethod.Post, "/{id}/ship", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version });
        orders.MapCommand<CancelOrder, OrderView>(HttpMethod.Post, "/{id}/cancel", (c, on) => c with { OrderId = on.Id, ExpectedVersion = on.Version });

        endpoints.MapOne("/api/v1/order-summaries/{customerId}", (id, query) => new GetOrderSummary(id, query.Text(SnapshotName)), idName: "customerId").Reads(SummaryProjection.Name);
    }
}
