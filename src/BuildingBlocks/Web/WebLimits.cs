namespace Monolith.BuildingBlocks.Web;

/// <summary>How much a request may be.</summary>
internal static class WebLimits
{
    public const int BodyBytes = 1024 * 1024;
    public const int HeaderBytes = 32 * 1024;

    /// <summary>The line with the method and the URL: wide enough that a text of ten thousand characters of any script, percent-encoded, is still refused by the route, which names the parameter.</summary>
    public const int LineBytes = 128 * 1024;
    public const int JsonDepth = 32;
}
