namespace Monolith.Modules.Analytics.Facts;

/// <summary>A customer as it is now, and as it was.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Username">The username.</param>
/// <param name="Name">First and last name, now.</param>
/// <param name="Status">Whether the customer may place orders, now.</param>
/// <param name="RegisteredAt">When it registered.</param>
/// <param name="History">Name and status through time, without a gap.</param>
internal sealed record CustomerRow(Guid CustomerId, string Username, string Name, string Status, DateTimeOffset RegisteredAt, Items<CustomerPeriod> History);

/// <summary>A time in which name and status of a customer did not change.</summary>
/// <param name="ValidFrom">Its beginning.</param>
/// <param name="ValidTo">Its end, which is the beginning of the next; null for the last.</param>
/// <param name="Name">The name.</param>
/// <param name="Status">The status.</param>
internal sealed record CustomerPeriod(DateTimeOffset ValidFrom, DateTimeOffset? ValidTo, string Name, string Status);
