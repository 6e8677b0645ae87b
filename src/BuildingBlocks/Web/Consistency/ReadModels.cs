namespace Monolith.BuildingBlocks.Web.Consistency;

/// <summary>The read models that a route is answered from.</summary>
/// <param name="Names">The names of their projections.</param>
internal sealed record ReadModels(IReadOnlyList<string> Names);
