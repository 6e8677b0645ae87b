using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Monolith.Modules.Orders.Application;

/// <summary>The customers in the read model of Orders; the Customers module is never called.</summary>
internal interface ICustomerDirectory
{
    /// <summary>The customer; with nothing but its id where it is not known.</summary>
    Task<OrderCustomer> Find(Guid customerId, CancellationToken cancellation);
}

/// <summary>An order's customer as callers see it. All but the id are null as long as Orders does not know the customer.</summary>
internal sealed record OrderCustomer(
    Guid Id, string? Username, string? Name, [property: AllowedValues(CustomerStatus.Active, CustomerStatus.Inactive)] string? Status)
{
    [JsonIgnore]
    public bool IsKnown => Status is not null;

    [JsonIgnore]
    public bool IsActive => Status == CustomerStatus.Active;
}

/// <summary>Whether a customer may place orders, in the words of Orders' own view.</summary>
internal static class CustomerStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
}
