namespace Monolith.Host.Pages;

/// <summary>The pages of the host.</summary>
internal static class PageRoutes
{
    /// <summary>Maps <c>/</c>, which links to the other pages, and <c>/live</c>, which shows the live stream.</summary>
    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHtmlPage("/", "home.html");
        endpoints.MapHtmlPage("/live", "live.html");
    }
}
