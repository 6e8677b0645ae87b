namespace Monolith.Modules.Search.Application;

/// <summary>A row of the customer index.</summary>
internal sealed record CustomerRow(
    Guid Id, string Username, string FirstName, string LastName, string Email, string Status, DateTimeOffset RegisteredAt);

/// <summary>The values of <see cref="CustomerRow.Status"/>.</summary>
internal static class CustomerStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";

    public static IReadOnlyCollection<string> All { get; } = [Active, Inactive];
}
