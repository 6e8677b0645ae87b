using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>How a new generation shall end.</summary>
/// <param name="Promote">Whether it is promoted by itself or by hand; <see cref="Promotion.Auto"/> unless said.</param>
/// <param name="Until">Of a snapshot: the time up to which events count; not in the future.</param>
/// <param name="Snapshot">Of a snapshot: its name, 1 to 40 of <c>a-z 0-9 -</c>, beginning with a letter.</param>
public sealed record RebuildRequest(Promotion Promote, DateTimeOffset? Until, string? Snapshot);
