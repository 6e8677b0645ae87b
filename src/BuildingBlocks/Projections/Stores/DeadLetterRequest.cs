namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>What an operator wants to happen with a parked key.</summary>
public enum DeadLetterRequest
{
    /// <summary>Its events are applied again, in order.</summary>
    Requeue,

    /// <summary>Its events are given up.</summary>
    Discard,
}
