using Scalar.AspNetCore;

namespace Monolith.Host.Docs;

/// <summary>The API reference with a client to try it out. The page loads nothing from other sites and sends nothing to them.</summary>
internal static class DocsPage
{
    private const string Path = "/docs";

    public static void MapDocsPage(this IEndpointRouteBuilder endpoints) => endpoints.MapScalarApiReference(Path, options => options
        .WithTitle("Monolith")
        .AddDocument("v1", "API", isDefault: true)
        .AddDocument("admin", "For operators (from this machine alone)")
        .WithOpenApiRoutePattern("/openapi/{documentName}.json")
        .DisableDefaultFonts()
        .DisableTelemetry()
        .DisableAgent()
        .DisableMcp()
        // These buttons lead to services of Scalar.
        .HideDeveloperTools()
        .HideClientButton()
        .WithNonce()).Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } handler)
                endpoint.RequestDelegate = context => HandleAsync(context, handler);
        });

    // The page's script adds styles, and sends the requests that a reader tries out to this host.
    private static string PolicyOf(object nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static Task HandleAsync(HttpContext context, RequestDelegate handler)
    {
        // The nonce is created while the page is written. The script has the same route, and no nonce.
        context.Response.OnStarting(() =>
        {
            if (context.Items.TryGetValue(ScalarOptions.NonceHttpContextItemKey, out var nonce) && nonce is not null)
                context.Response.Headers.ContentSecurityPolicy = PolicyOf(nonce);
            return Task.CompletedTask;
        });
        return handler(context);
    }
}
