namespace Monolith.BuildingBlocks.Web.Limits;

/// <summary>The limits of a request and its connection.</summary>
internal static class RequestLimits
{
    public const int BodyBytes = 1024 * 1024;

    // The server reads this much of a body that is too large, for at most 5 s, so that the client can read the response.
    public const int DiscardedBodyBytes = 16 * BodyBytes;

    public const int HeaderBytes = 32 * 1024;

    // A text of ten thousand characters of any script, percent-encoded, still reaches the route, which names the parameter in its error.
    public const int RequestLineBytes = 128 * 1024;

    public const int JsonDepth = 32;

    // The kernel's default is megabytes, which the server would count as read by the client.
    public const int SendBufferBytes = 256 * 1024;

    // 64 kbit/s. Kestrel's default of 240 bytes/s would let one megabyte take an hour.
    public const int MinBytesPerSecond = 8 * 1024;

    public static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // The data rate is not enforced in the first seconds.
    public static readonly TimeSpan DataRateGracePeriod = TimeSpan.FromSeconds(5);
}
