namespace Monolith.Modules.Analytics.Live;

/// <summary>What was ordered in a minute, in one currency.</summary>
/// <param name="Minute">The minute's beginning, UTC.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Orders">How many orders were placed.</param>
/// <param name="Revenue">What they come to.</param>
internal sealed record MinuteFigures(DateTimeOffset Minute, string Currency, long Orders, decimal Revenue);
