using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Web.Modules;

namespace Monolith.Orders.Tests.EmailDomains;

/// <summary>Adds a query store to the module Orders.</summary>
internal sealed class DomainsModule : IModule
{
    public string Name => "Orders";

    public void AddServices(ModuleBuilder module)
    {
        module.Projection<DomainProjection>("orders.domains", version: 1)
            .ToPostgres(new PostgresTable("domains", Key: "domain"));
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        // The test reads the rows by SQL.
    }
}
