namespace Monolith.Modules.Customers.History;

/// <summary>A customer with the fields that callers see.</summary>
internal sealed record CustomerState(
    Guid Id, string Username, string FirstName, string LastName, string Email, string Status, long Version, DateTimeOffset RegisteredAt, DateTimeOffset ChangedAt);
