using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.CustomerIndex;
using Monolith.Modules.Search.OrderIndex;

namespace Monolith.Modules.Search.Api;

/// <summary>The routes of Search, one line a use case.</summary>
internal static class SearchRoutes
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var search = endpoints.MapGroup("/api/v1/search");

        search.MapQuery<SearchPage<CustomerHit>, SearchPageBody<CustomerHit>>(
            "/customers", q => new SearchCustomers(q.Text("q"), q.Limit(), After(q), q.Text("status"), q.Time("from"), q.Time("to"), q.Text("snapshot")), SearchPageBody<CustomerHit>.Of)
            .Reads(CustomerProjection.Name).Refuses(ProjectionRefusals.Snapshot);
        search.MapQuery<SearchPage<OrderHit>, SearchPageBody<OrderHit>>(
            "/orders", q => new SearchOrders(q.Text("q"), q.Limit(), After(q), q.Text("status"), q.Time("from"), q.Time("to"), q.Text("snapshot")), SearchPageBody<OrderHit>.Of)
            .Reads(OrderProjection.Name, CustomerProjection.Name).Refuses(ProjectionRefusals.Snapshot);
    }

    private static SearchPlace? After(QueryReader query) => query.After(SearchPlace.Length) is { } place ? SearchPlace.Of(place) : null;
}
