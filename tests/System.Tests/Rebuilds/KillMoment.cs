namespace Monolith.System.Tests.Rebuilds;

/// <summary>In which part of a rebuild a host is killed.</summary>
public enum KillMoment
{
    /// <summary>Whatever it does just then.</summary>
    Any,

    /// <summary>The rows of the new generation are being copied.</summary>
    Building,

    /// <summary>All that there was at the start is applied; it follows the log and is not live yet.</summary>
    Draining,

    /// <summary>The promotion is on its way in the database.</summary>
    Flipping,

    /// <summary>A generation has ended, and its table is being dropped.</summary>
    Dropping,
}
