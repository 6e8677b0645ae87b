using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Application.Pipeline;
using Monolith.BuildingBlocks.Events.Histories;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Reactors;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Api;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Orders.Domain;
using Monolith.Modules.Orders.Infrastructure;

namespace Monolith.Modules.Orders;

/// <summary>The module Orders: orders and their status. Its data about customers comes only from their events.</summary>
public sealed class OrdersModule : IModule
{
    internal const string ModuleName = "Orders";

    /// <inheritdoc />
    public string Name => ModuleName;

    /// <inheritdoc />
    public void AddServices(ModuleBuilder module)
    {
        module.AddLog(OrdersTopic.Name, OrdersJson.Contracts, new ConstraintErrorMap<OrdersDbContext>()
            .On<Order>(OrderMapping.CustomerGuard, order => OrderErrors.CustomerInactive(order.CustomerId)));
        module.History<OrderHistory>();
        module.AddUseCases();
        module.AddJson(OrdersApiJson.Default);
        AddProjections(module);
        AddReactors(module);
        module.Services.AddScoped<IOrders, OrderRepository>();
        module.Services.AddSingleton<IOrderQueries, OrderQueries>();
        module.Services.AddSingleton<ISummaryQueries, SummaryQueries>();
        module.Services.AddSingleton<ICustomerDirectory, CustomerDirectory>();
        module.Services.AddSingleton<IPlacedOrders, PlacedOrders>();
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => OrderRoutes.Map(endpoints);

    private static void AddProjections(ModuleBuilder module)
    {
        module.ReadsLog(CustomersTopic.Name, CustomersJson.Contracts);

        module.Projection<CustomerProjection>(ReadModels.Customers, version: 1)
            .KeyedByStream()
            .ToPostgres(new PostgresTable("customers", Key: "customer_id"));

        module.Projection<SummaryProjection>(ReadModels.Summaries, version: 1)
            .ToPostgres(new PostgresTable("summaries", Key: "customer_id"), SummariesJson.Web);
    }

    private static void AddReactors(ModuleBuilder module) =>
        module.Reactor<CancelOrdersOfDeactivatedCustomers>(CancelOrdersOfDeactivatedCustomers.Name);
}
