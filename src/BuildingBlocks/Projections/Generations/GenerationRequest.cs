namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>A generation to be made.</summary>
/// <param name="Version">The version of the fold.</param>
/// <param name="Purpose">What it is made for.</param>
/// <param name="Promotion">What shall happen when it has reached the live one.</param>
/// <param name="Operation">The operation that asks for it.</param>
/// <param name="Until">Of a snapshot: the time up to which events count.</param>
/// <param name="Snapshot">Of a snapshot: its name.</param>
public sealed record GenerationRequest(int Version, Purpose Purpose, Promotion Promotion, Guid? Operation, DateTimeOffset? Until = null, string? Snapshot = null);
