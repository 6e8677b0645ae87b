namespace Monolith.BuildingBlocks.Web;

/// <summary>How much a request may be.</summary>
internal static class WebLimits
{
    public const int BodyBytes = 1024 * 1024;
    public const int HeaderBytes = 32 * 1024;
    public const int JsonDepth = 32;
}
