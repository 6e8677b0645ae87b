using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.Modules.Stock.Application;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Api;

/// <summary>The routes of Stock.</summary>
internal static class ItemRoutes
{
    private static readonly Error NotFound = ItemErrors.NotFound(Guid.Empty);
    private static readonly Error StockFull = ItemErrors.StockFull(1_000_000);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var items = endpoints.MapGroup("/api/v1/items");

        items.MapCreate<AddItem, ItemView>("", item => item.Id).Example(new AddItem("Tea"));
        items.MapAggregate("/{id}", id => new GetItem(id)).Refuses(NotFound);
        items.MapCommand<ReceiveItem, ItemView>(
                HttpMethod.Post, "/{id}/receive", (command, route) => command with { ItemId = route.Id, ExpectedVersion = route.Version })
            .Refuses(NotFound, StockFull)
            .Example(new ReceiveItem(20));
        endpoints.MapQuery("/api/v1/stock-levels", query => new GetLowStock(query.Whole("below") ?? 10), (levels, _) => levels)
            .Reads(GetLowStock.ReadModel);
    }
}

[JsonSerializable(typeof(AddItem))]
[JsonSerializable(typeof(ReceiveItem))]
[JsonSerializable(typeof(ItemView))]
[JsonSerializable(typeof(LowStock))]
internal sealed partial class StockApiJson : JsonSerializerContext;
