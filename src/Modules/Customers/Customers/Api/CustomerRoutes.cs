using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Web;
using Monolith.Modules.Customers.Application;

namespace Monolith.Modules.Customers.Api;

/// <summary>The routes of Customers, one line a use case.</summary>
internal static class CustomerRoutes
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var customers = endpoints.MapGroup("/api/v1/customers");

        customers.MapCreate<RegisterCustomer, CustomerView>("", customer => customer.Id);
        customers.MapAggregate("/{id}", id => new GetCustomer(id));
        customers.MapPage("", query => new ListCustomers(query.Limit(), query.After(), query.Text("username")));
        customers.MapCommand<ChangeCustomer, CustomerView>(HttpMethod.Patch, "/{id}", (c, on) => c with { CustomerId = on.Id, ExpectedVersion = on.Version });
        customers.MapCommand<DeactivateCustomer, CustomerView>(HttpMethod.Post, "/{id}/deactivate", (c, on) => c with { CustomerId = on.Id, ExpectedVersion = on.Version });
        customers.MapCommand<ReactivateCustomer, CustomerView>(HttpMethod.Post, "/{id}/reactivate", (c, on) => c with { CustomerId = on.Id, ExpectedVersion = on.Version });
    }
}
