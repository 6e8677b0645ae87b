using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Application.Pipeline;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Search.Api;
using Monolith.Modules.Search.Infrastructure.Projections;

namespace Monolith.Modules.Search;

/// <summary>Full-text search over customers and orders. All of its data comes from events and can be rebuilt by a replay.</summary>
public sealed class SearchModule : IModule
{
    internal const string ModuleName = "Search";

    /// <inheritdoc />
    public string Name => ModuleName;

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [SearchStores.Store];

    /// <inheritdoc />
    public void AddServices(ModuleBuilder module)
    {
        module.ReadsLog(CustomersTopic.Name, CustomersJson.Contracts);
        module.ReadsLog(OrdersTopic.Name, OrdersJson.Contracts);
        module.AddUseCases();
        module.AddJson(SearchApiJson.Default);
        module.AddStore(
            module.Projection<CustomerProjection>(CustomerProjection.Name, CustomerProjection.Version)
                .KeyedByStream(),
            module.Projection<OrderProjection>(OrderProjection.Name, OrderProjection.Version)
                .KeyedByStream());
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => SearchRoutes.Map(endpoints);
}
