namespace Monolith.BuildingBlocks.Web;

/// <summary>How much a request may be.</summary>
internal static class WebLimits
{
    public const int BodyBytes = 1024 * 1024;

    /// <summary>How much of a body that is too large is still taken in, for as long as the server allows (5 s), so that its sender comes to read the answer.</summary>
    public const int RefusedBytes = 16 * BodyBytes;

    public const int HeaderBytes = 32 * 1024;

    /// <summary>The line with the method and the URL: wide enough that a text of ten thousand characters of any script, percent-encoded, is still refused by the route, which names the parameter.</summary>
    public const int LineBytes = 128 * 1024;
    public const int JsonDepth = 32;

    /// <summary>How much of the answers of a connection the kernel takes in before anybody reads. By itself it takes megabytes, which would count as read.</summary>
    public const int UnreadBytes = 256 * 1024;

    /// <summary>Of a body that comes, or of an answer that is taken: 64 kbit/s, less than any line has. What the server allows by itself would let one megabyte take an hour.</summary>
    public const int LeastBytesPerSecond = 8 * 1024;

    /// <summary>How long the headers of a request may take.</summary>
    public static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing is measured: whoever has only just begun may pause.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
}
