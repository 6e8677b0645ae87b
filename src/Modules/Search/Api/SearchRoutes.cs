using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Infrastructure.Projections;

namespace Monolith.Modules.Search.Api;

internal static class SearchRoutes
{
    private static readonly RouteTag Tag = new("Search", "Customers and orders by words, prefixes and near spellings.");

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var search = endpoints.MapGroup("/api/v1/search").Tag(Tag);

        search.MapQuery<SearchPage<CustomerHit>, SearchPageBody<CustomerHit>>(
            "/customers",
            q => new SearchCustomers(
                q.AnyText("q"), q.Limit(), After(q), q.Text("status"), q.Time("from"), q.Time("to"), q.Text("snapshot")),
            SearchPageBody<CustomerHit>.Of)
            .Reads(CustomerProjection.Name).Refuses(ProjectionRefusals.Snapshot);
        search.MapQuery<SearchPage<OrderHit>, SearchPageBody<OrderHit>>(
            "/orders",
            q => new SearchOrders(
                q.AnyText("q"), q.Limit(), After(q), q.Text("status"), q.Time("from"), q.Time("to"), q.Text("snapshot")),
            SearchPageBody<OrderHit>.Of)
            .Reads(OrderProjection.Name, CustomerProjection.Name).Refuses(ProjectionRefusals.Snapshot);
    }

    private static SearchCursor? After(QueryReader query) =>
        query.After(SearchCursor.Length) is { } cursor ? SearchCursor.Of(cursor) : null;
}
