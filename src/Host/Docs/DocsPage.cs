using Scalar.AspNetCore;

namespace Monolith.Host.Docs;

/// <summary>The page that shows the API and tries it out. Its script comes with the host; nothing is loaded from elsewhere, and nothing is sent there.</summary>
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
        // Their buttons lead to services of the maker.
        .HideDeveloperTools()
        .HideClientButton()
        .WithNonce()).Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } answer)
                endpoint.RequestDelegate = context => AnswerAsync(context, answer);
        });

    // The script of the page adds styles to it, and sends what a reader tries out to this host.
    private static string PolicyOf(object nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        // The nonce is made while the page is written; its script comes by the same route and has none.
        context.Response.OnStarting(() =>
        {
            if (context.Items.TryGetValue(ScalarOptions.NonceHttpContextItemKey, out var nonce) && nonce is not null)
                context.Response.Headers.ContentSecurityPolicy = PolicyOf(nonce);
            return Task.CompletedTask;
        });
        return answer(context);
    }
}
