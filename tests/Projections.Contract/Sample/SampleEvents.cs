using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

/// <summary>A counter of the sample module was counted up.</summary>
[EventType("shop.counted.v1")]
public sealed record Counted(Guid CounterId, long By) : IEvent;

/// <summary>A counter was given a name.</summary>
[EventType("shop.named.v1")]
public sealed record Named(Guid CounterId, [Personal] string Name) : IEvent;

/// <summary>A counter was removed.</summary>
[EventType("shop.removed.v1")]
public sealed record Removed(Guid CounterId) : IEvent;

/// <summary>Another module counted the same counter, in another stream.</summary>
[EventType("depot.stocked.v1")]
public sealed record Stocked(Guid CounterId, long By) : IEvent;
