namespace Monolith.Modules.Orders.Summaries;

/// <summary>An amount in a currency.</summary>
internal sealed record Money(string Currency, decimal Amount);
