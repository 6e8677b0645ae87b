using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events.Consistency;

/// <summary>The errors of requests with a consistency token.</summary>
public static class ConsistencyErrors
{
    /// <summary>A read model did not reach the offset in time.</summary>
    /// <param name="readModel">The read model.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="missing">How many events the read model is behind in the partition; null if it has not started there.</param>
    public static Error Behind(string readModel, LogOffset offset, long? missing)
    {
        var lag = missing is { } events ? $"it is {events} events behind there" : "it has not begun there";
        return new Error(
            ErrorKind.Unavailable,
            "read-model-behind",
            "The read model is behind",
            $"{readModel} does not show {offset} of the Consistency-Token yet: {lag}. "
            + "Send the request again, or without the token for what is there.");
    }

    /// <summary>The log ends before the offset, or has another event there.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="head">The head of the partition.</param>
    public static Error LogShorter(LogOffset offset, long head) => new(
        ErrorKind.Conflict,
        "log-shorter",
        "The log is shorter than the consistency token says",
        $"The Consistency-Token names {offset}, and the log ends before offset {head}: it may have been restored from a backup. "
        + "Read again without the token.");
}
