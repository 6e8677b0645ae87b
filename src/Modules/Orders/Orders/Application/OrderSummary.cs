using System.ComponentModel.DataAnnotations;
using Monolith.Modules.Orders.CustomerView;
using Monolith.Modules.Orders.Summaries;

namespace Monolith.Modules.Orders.Application;

/// <summary>What a customer ordered, in sum, as callers see it.</summary>
internal sealed record OrderSummary(
    Guid CustomerId,
    string Username,
    string Name,
    [property: AllowedValues(CustomerStatus.Active, CustomerStatus.Inactive)] string Status,
    int Orders,
    int Open,
    int Shipped,
    int Cancelled,
    IReadOnlyList<Money> Spent,
    DateTimeOffset? LastOrderAt);
