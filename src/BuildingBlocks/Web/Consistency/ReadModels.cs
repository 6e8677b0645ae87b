namespace Monolith.BuildingBlocks.Web.Consistency;

/// <summary>The read models that a request with a consistency token waits for.</summary>
/// <param name="Names">The names of their projections.</param>
/// <param name="AreRead">Whether the route is answered from them, and not where they have never been built.</param>
internal sealed record ReadModels(IReadOnlyList<string> Names, bool AreRead);
