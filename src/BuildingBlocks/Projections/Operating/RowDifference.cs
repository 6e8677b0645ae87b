using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>A key whose live row is not the one that a replay makes.</summary>
/// <param name="Key">The key.</param>
/// <param name="Live">The live row; null where there is none.</param>
/// <param name="Replayed">The row that the replay makes; null where it makes none.</param>
public sealed record RowDifference(string Key, JsonElement? Live, JsonElement? Replayed);
