namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>What became of an attempt to promote.</summary>
public enum PromotionOutcome
{
    /// <summary>It is live.</summary>
    Promoted,

    /// <summary>It is not at or past the live one in every partition yet.</summary>
    Behind,

    /// <summary>A reader or writer was in the way; it passes by itself.</summary>
    Busy,

    /// <summary>It has parked keys that the live one has not: to promote it by itself would make answers worse.</summary>
    Parked,

    /// <summary>It is no longer to be promoted.</summary>
    Refused,
}
