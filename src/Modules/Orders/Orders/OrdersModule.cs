using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.EventLog;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Web;
using Monolith.Modules.Orders.Api;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Orders.Infrastructure;

namespace Monolith.Modules.Orders;

/// <summary>Orders: who ordered what, and how far it is. What it knows of customers comes from their events alone.</summary>
public sealed class OrdersModule : IModule
{
    internal const string ModuleName = "Orders";

    /// <inheritdoc />
    public string Name => ModuleName;

    /// <inheritdoc />
    public void AddServices(ModuleBuilder module)
    {
        module.AddLog<OrdersDbContext>(OrdersTopic.Name, OrdersJson.Contracts);
        module.AddUseCases();
        module.AddJson(OrdersApiJson.Default);
        module.Services.AddScoped<IOrders, OrderRepository>();
        module.Services.AddSingleton<IOrderQueries, OrderQueries>();
        module.Services.AddSingleton<ISummaryQueries, SummaryQueries>();
        module.Services.AddSingleton<ICustomerDirectory, CustomerDirectory>();
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => OrderRoutes.Map(endpoints);
}
