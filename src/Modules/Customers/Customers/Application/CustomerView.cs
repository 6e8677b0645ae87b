using System.ComponentModel.DataAnnotations;
using Monolith.BuildingBlocks.Application;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>A customer as callers see it.</summary>
internal sealed record CustomerView(
    Guid Id,
    string Username,
    string FirstName,
    string LastName,
    string Email,
    [property: AllowedValues(CustomerStatus.Active, CustomerStatus.Inactive)] string Status,
    long Version,
    DateTimeOffset RegisteredAt,
    DateTimeOffset ChangedAt) : IVersioned
{
    public static CustomerView Of(Customer customer) => new(
        customer.Id, customer.Username, customer.FirstName, customer.LastName, customer.Email, customer.Status, customer.Version,
        customer.RegisteredAt, customer.ChangedAt);
}
