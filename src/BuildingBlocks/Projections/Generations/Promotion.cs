namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>What shall happen with a generation that has reached the live one.</summary>
public enum Promotion
{
    /// <summary>Nothing: it is a snapshot, or nobody has asked.</summary>
    None,

    /// <summary>It waits, ready, until an operator promotes it.</summary>
    Manual,

    /// <summary>It becomes the live one by itself.</summary>
    Auto,
}
