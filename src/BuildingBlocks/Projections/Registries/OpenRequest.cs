using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>What an operation asks of parked events: recorded before the rows hear of it, and asked of them again after a crash in between.</summary>
/// <param name="Key">One key; null for all.</param>
/// <param name="Request">What is asked.</param>
internal sealed record OpenRequest(string? Key, DeadLetterRequest Request);
