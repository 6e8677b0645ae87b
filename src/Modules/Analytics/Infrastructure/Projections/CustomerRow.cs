namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>A customer with its history.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Username">The username.</param>
/// <param name="Name">The current first and last name.</param>
/// <param name="Status">The current status.</param>
/// <param name="RegisteredAt">The time of registration.</param>
/// <param name="History">Name and status over time, without gaps.</param>
internal sealed record CustomerRow(
    Guid CustomerId, string Username, string Name, string Status, DateTimeOffset RegisteredAt, Items<CustomerPeriod> History);

/// <summary>A period in which name and status did not change.</summary>
/// <param name="ValidFrom">The start.</param>
/// <param name="ValidTo">The end, which is the start of the next period; null for the last one.</param>
/// <param name="Name">The name.</param>
/// <param name="Status">The status.</param>
internal sealed record CustomerPeriod(DateTimeOffset ValidFrom, DateTimeOffset? ValidTo, string Name, string Status);
