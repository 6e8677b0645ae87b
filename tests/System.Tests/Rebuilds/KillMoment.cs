namespace Monolith.System.Tests.Rebuilds;

/// <summary>In which part of a rebuild a host is killed.</summary>
public enum KillMoment
{
    /// <summary>At a random moment.</summary>
    Any,

    /// <summary>The rows of the new generation are being copied.</summary>
    Building,

    /// <summary>All events that existed at the start are applied. The generation follows the log and is not live yet.</summary>
    Draining,

    /// <summary>The promotion is in progress in the database.</summary>
    Flipping,

    /// <summary>A generation has ended, and its table is being dropped.</summary>
    Dropping,
}
