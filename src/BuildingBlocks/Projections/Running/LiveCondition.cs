namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>How the live read models of this process fare beside a build.</summary>
internal enum LiveCondition
{
    /// <summary>Nothing has become visible for a while: there is nobody to rest for.</summary>
    Idle,

    /// <summary>Too little has become visible yet to tell.</summary>
    Unknown,

    /// <summary>Events become visible about as soon as when nothing is being built.</summary>
    Calm,

    /// <summary>Events take noticeably longer than that.</summary>
    Suffering,
}
