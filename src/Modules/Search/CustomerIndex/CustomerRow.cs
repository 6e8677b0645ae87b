namespace Monolith.Modules.Search.CustomerIndex;

/// <summary>A customer as search shows it.</summary>
internal sealed record CustomerRow(Guid Id, string Username, string FirstName, string LastName, string Email, string Status, DateTimeOffset RegisteredAt);
