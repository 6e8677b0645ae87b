using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Responses;
using Monolith.Modules.Customers.Application;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Api;

/// <summary>The routes of Customers.</summary>
internal static class CustomerRoutes
{
    private static readonly RouteTag Tag = new("Customers", "Customers, known by a unique username.");
    private static readonly Error Unknown = CustomerErrors.NotFound(CustomerExamples.Id);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var customers = endpoints.MapGroup("/api/v1/customers").Tag(Tag);

        customers.MapCreate<RegisterCustomer, CustomerView>("", customer => customer.Id)
            .Refuses(CustomerErrors.UsernameTaken("ada"))
            .Example(CustomerExamples.Register);
        customers.MapAggregate("/{id}", id => new GetCustomer(id)).Refuses(Unknown);
        customers.MapPage("", query => new ListCustomers(query.Limit(), query.After(), query.AnyText("username")));
        customers.MapCommand<ChangeCustomer, CustomerView>(
                HttpMethod.Patch, "/{id}", (command, route) => command with { CustomerId = route.Id, ExpectedVersion = route.Version })
            .Refuses(Unknown)
            .Example(CustomerExamples.Change);
        customers.MapCommand<DeactivateCustomer, CustomerView>(
                HttpMethod.Post,
                "/{id}/deactivate",
                (command, route) => command with { CustomerId = route.Id, ExpectedVersion = route.Version })
            .Refuses(Unknown)
            .Example(CustomerExamples.Deactivate);
        customers.MapCommand<ReactivateCustomer, CustomerView>(
                HttpMethod.Post,
                "/{id}/reactivate",
                (command, route) => command with { CustomerId = route.Id, ExpectedVersion = route.Version })
            .Refuses(Unknown)
            .Example(CustomerExamples.Reactivate);
    }
}

/// <summary>An example request for each use case. The API documents show it, and a test sends it.</summary>
internal static class CustomerExamples
{
    public static Guid Id { get; } = Guid.Parse("0198a8a0-0000-7000-8000-000000000001");

    public static RegisterCustomer Register { get; } = new("ada", "Ada", "Lovelace", "ada@example.org");

    public static ChangeCustomer Change { get; } = new("Ada", "King", "ada.king@example.org");

    public static DeactivateCustomer Deactivate { get; } = new("asked for it by telephone");

    public static ReactivateCustomer Reactivate { get; } = new("is back");
}

/// <summary>The JSON of the requests and responses of Customers.</summary>
[JsonSerializable(typeof(RegisterCustomer))]
[JsonSerializable(typeof(ChangeCustomer))]
[JsonSerializable(typeof(DeactivateCustomer))]
[JsonSerializable(typeof(ReactivateCustomer))]
[JsonSerializable(typeof(CustomerView))]
[JsonSerializable(typeof(PageBody<CustomerView>))]
internal sealed partial class CustomersApiJson : JsonSerializerContext;
