namespace Monolith.BuildingBlocks.Streaming.Feed;

/// <summary>Where a subscription begins.</summary>
public abstract record FeedStart
{
    private FeedStart()
    {
    }

    /// <summary>With the next events.</summary>
    public sealed record Head : FeedStart;

    /// <summary>After a cursor of an earlier subscription, on this host or another.</summary>
    /// <param name="Cursor">The cursor.</param>
    public sealed record After(string Cursor) : FeedStart;

    /// <summary>With the events of one log since a time, and some earlier ones; other logs begin with their next events.</summary>
    /// <param name="Log">The log, by the name of its topic.</param>
    /// <param name="Time">The time.</param>
    /// <param name="MaxPerPartition">The maximum number of past events of each partition.</param>
    public sealed record Since(string Log, DateTimeOffset Time, long MaxPerPartition) : FeedStart;
}
