namespace Monolith.Modules.Analytics.Application.Reports;

/// <summary>The orders of a report; null means no restriction.</summary>
/// <param name="From">Placed at this time or later.</param>
/// <param name="To">Placed before this time.</param>
/// <param name="Currency">In this currency.</param>
internal sealed record Period(DateTimeOffset? From, DateTimeOffset? To, string? Currency);
