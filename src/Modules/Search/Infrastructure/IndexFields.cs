namespace Monolith.Modules.Search.Infrastructure;

/// <summary>The fields that both indexes have, beside those of words.</summary>
internal static class IndexFields
{
    public const string Id = "id";
    public const string Status = "status";
    public const string At = "at";

    /// <summary>A time as a field holds it: microseconds since 1970.</summary>
    public static long? TimeOf(DateTimeOffset? time) => (time - DateTimeOffset.UnixEpoch)?.Ticks / TimeSpan.TicksPerMicrosecond;
}
