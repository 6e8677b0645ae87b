using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Application.Pipeline;
using Monolith.BuildingBlocks.Events.Histories;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Customers.Api;
using Monolith.Modules.Customers.Application;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Customers.Domain;
using Monolith.Modules.Customers.Infrastructure;

namespace Monolith.Modules.Customers;

/// <summary>The module Customers: their data, and whether they may place orders.</summary>
public sealed class CustomersModule : IModule
{
    internal const string ModuleName = "Customers";

    /// <inheritdoc />
    public string Name => ModuleName;

    /// <inheritdoc />
    public void AddServices(ModuleBuilder module)
    {
        module.AddLog(CustomersTopic.Name, CustomersJson.Contracts, new ConstraintErrorMap<CustomersDbContext>()
            .On<Customer>(CustomerMapping.UsernameIndex, customer => CustomerErrors.UsernameTaken(customer.Username)));
        module.History<CustomerHistory>();
        module.AddUseCases();
        module.AddJson(CustomersApiJson.Default);
        module.Services.AddScoped<ICustomers, CustomerRepository>();
        module.Services.AddSingleton<ICustomerQueries, CustomerQueries>();
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => CustomerRoutes.Map(endpoints);
}
