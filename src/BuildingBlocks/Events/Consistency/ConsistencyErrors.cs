using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events.Consistency;

/// <summary>Why a request with a consistency token is not answered.</summary>
public static class ConsistencyErrors
{
    /// <summary>The time to wait is up.</summary>
    /// <param name="readModel">What is behind.</param>
    /// <param name="place">The place that it was to show.</param>
    /// <param name="missing">How many events it is behind there; null where it has not begun.</param>
    public static Error Behind(string readModel, LogOffset place, long? missing)
    {
        var where = missing is { } events ? $"it is {events} events behind there" : "it has not begun there";
        return new Error(
            ErrorKind.Unavailable,
            "read-model-behind",
            "The read model is behind",
            $"{readModel} does not show {place} of the Consistency-Token yet: {where}. Send the request again, or without the token for what is there.");
    }

    /// <summary>The log ends before the place, which therefore never comes, or with another event.</summary>
    /// <param name="place">The place.</param>
    /// <param name="head">Where the log ends.</param>
    public static Error LogShorter(LogOffset place, long head) => new(
        ErrorKind.Conflict,
        "log-shorter",
        "The log is shorter than the consistency token says",
        $"The Consistency-Token names {place}, and the log ends before offset {head}: it may have been restored from a backup. Read again without the token.");
}
