namespace Monolith.Host.Pages;

/// <summary>The pages of the host.</summary>
internal static class PageRoutes
{
    /// <summary>Maps <c>/</c>, which names the other pages, and <c>/live</c>, which moves with the stream.</summary>
    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHtmlPage("/", "home.html");
        endpoints.MapHtmlPage("/live", "live.html");
    }
}
