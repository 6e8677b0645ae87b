using Monolith.BuildingBlocks.Projections.Operating;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The first of the parked events.</summary>
/// <param name="Items">The events, in the order in which each key's will be applied.</param>
/// <param name="More">Whether there are more than these.</param>
public sealed record DeadLetterList(IReadOnlyList<DeadLetter> Items, bool More);
