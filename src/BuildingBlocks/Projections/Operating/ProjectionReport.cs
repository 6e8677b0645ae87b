namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Where a projection stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Module">The module that owns it, as the admin API writes it everywhere (<c>orders</c>).</param>
/// <param name="Store">Where its rows are: <c>postgres</c>, <c>lucene</c>.</param>
/// <param name="Version">The version of the fold in this binary.</param>
/// <param name="Live">The number of the live generation; null before the first is built.</param>
/// <param name="Paused">Whether an operator paused it.</param>
/// <param name="Generations">Its generations, oldest first; dropped ones are not listed.</param>
/// <param name="DeadLetters">How many events of the live generation are parked.</param>
/// <param name="Notes">What an operator should know, in sentences.</param>
public sealed record ProjectionReport(
    string Name, string Module, string Store, int Version, int? Live, bool Paused, IReadOnlyList<GenerationReport> Generations, long DeadLetters, IReadOnlyList<string> Notes);
