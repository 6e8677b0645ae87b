using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Application.Pipeline;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Stock.Api;
using Monolith.Modules.Stock.Application;
using Monolith.Modules.Stock.Contracts;
using Monolith.Modules.Stock.Infrastructure;

namespace Monolith.Modules.Stock;

/// <summary>The module Stock: the items of the assortment, and how many of each are in stock.</summary>
public sealed class StockModule : IModule
{
    /// <inheritdoc />
    public string Name => "Stock";

    /// <inheritdoc />
    public void AddServices(ModuleBuilder module)
    {
        module.AddLog<StockDbContext>(StockTopic.Name, StockJson.Contracts);
        module.AddUseCases();
        module.AddJson(StockApiJson.Default);
        module.Services.AddScoped<IItems, ItemRepository>();
        module.Services.AddSingleton<ILevels, LevelQueries>();
        module.Projection<LevelProjection>(GetLowStock.ReadModel, version: 1)
            .KeyedByStream()
            .ToPostgres(new PostgresTable("levels", Key: "item_id"));
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => ItemRoutes.Map(endpoints);
}
