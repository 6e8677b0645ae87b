namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>What a generation was made for.</summary>
public enum Purpose
{
    /// <summary>To take the place of the live one.</summary>
    Rebuild,

    /// <summary>To hold the rows as of a time.</summary>
    Snapshot,

    /// <summary>To be compared with the live one, and dropped.</summary>
    Verify,
}
