using Scalar.AspNetCore;

namespace Monolith.Host.Docs;

/// <summary>The page that shows the API and tries it out. Its script comes with the host; nothing is loaded from elsewhere, and nothing is sent there.</summary>
internal static class DocsPage
{
    private const string Path = "/docs";

    public static IEndpointConventionBuilder MapDocsPage(this IEndpointRouteBuilder endpoints) => endpoints.MapScalarApiReference(Path, options => options
        .WithTitle("Monolith")
        .AddDocument("v1", "API", isDefault: true)
        .AddDocument("admin", "For operators (from this machine alone)")
        .WithOpenApiRoutePattern("/openapi/{documentName}.json")
        .DisableDefaultFonts()
        .DisableTelemetry()
        .DisableAgent()
        .DisableMcp());
}
