namespace Monolith.BuildingBlocks.Streaming;

/// <summary>From where a listener wants events.</summary>
public abstract record FeedStart
{
    private FeedStart()
    {
    }

    /// <summary>What happens from now on.</summary>
    public sealed record Head : FeedStart;

    /// <summary>What comes after a place that a listener was given earlier, by this host or another.</summary>
    /// <param name="Place">The place.</param>
    public sealed record After(string Place) : FeedStart;

    /// <summary>What has happened in a log since a time, and some of what came before it; nothing older of other logs.</summary>
    /// <param name="Log">The log, by the name of its topic.</param>
    /// <param name="Time">The time.</param>
    /// <param name="MostOfEach">Of each partition at most so many of the newest events of the past.</param>
    public sealed record Since(string Log, DateTimeOffset Time, long MostOfEach) : FeedStart;
}
