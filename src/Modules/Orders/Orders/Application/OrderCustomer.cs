using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Monolith.Modules.Orders.CustomerView;

namespace Monolith.Modules.Orders.Application;

/// <summary>An order's customer as callers see it. All but the id are null as long as Orders does not know the customer.</summary>
internal sealed record OrderCustomer(Guid Id, string? Username, string? Name, [property: AllowedValues(CustomerStatus.Active, CustomerStatus.Inactive)] string? Status)
{
    [JsonIgnore]
    public bool IsKnown => Status is not null;

    [JsonIgnore]
    public bool IsActive => Status == CustomerStatus.Active;
}
