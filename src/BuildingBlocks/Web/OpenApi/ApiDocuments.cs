using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>Registers and maps the OpenAPI documents.</summary>
public static class ApiDocuments
{
    private const string Errors =
        "Every failure is a problem document (RFC 9457): decide by its type, which is `urn:problem:` and one of the slugs that each status "
        + "lists. In addition to those of each operation, any path can respond with 404 `route-not-found`, 405 `method-not-allowed`, and "
        + "400 `invalid-request` for an invalid `Consistency-Token`. Requests that the server refuses before they are parsed (an invalid "
        + "request line: 400; a URL over 128 KiB: 414; headers over 32 KiB: 431) get a bare status. "
        + "Constraints apply to text without white space at its ends.";

    internal static ApiDocument Modules { get; } = new("v1", "Monolith", "/api/v1", Errors);

    internal static ApiDocument Admin { get; } =
        new("admin", "Monolith, for operators", "/admin/api", $"Only for this machine, until there is sign-in. {Errors}");

    /// <summary>Registers the documents.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddApiDocuments(this IServiceCollection services)
    {
        foreach (var api in (ApiDocument[])[Modules, Admin])
        {
            services.AddOpenApi(api.Name, options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.ShouldInclude = _ => false;
                options.AddDocumentTransformer(new DocumentWriter(api));
            });
        }

        return services;
    }

    /// <summary>Maps <c>/openapi/v1.json</c>.</summary>
    /// <param name="routes">Where to map.</param>
    public static IEndpointConventionBuilder MapApiDocument(this IEndpointRouteBuilder routes) => routes.MapApiDocument(Modules);

    // The document is created once, since the routes of a host do not change while it runs.
    internal static IEndpointConventionBuilder MapApiDocument(this IEndpointRouteBuilder routes, ApiDocument api)
    {
        var services = routes.ServiceProvider;
        var text = new Lazy<Task<byte[]>>(() => WriteAsync(services.GetRequiredKeyedService<IOpenApiDocumentProvider>(api.Name)));
        return routes.MapGet(api.Path, async context =>
        {
            var document = await text.Value;
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = document.Length;
            await context.Response.Body.WriteAsync(document, context.RequestAborted);
        });
    }

    private static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider documents)
    {
        var document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        return Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None) + "\n");
    }
}

/// <summary>One OpenAPI document.</summary>
/// <param name="Name">The name, which is also that of its file: <c>/openapi/v1.json</c>.</param>
/// <param name="Title">The title.</param>
/// <param name="Prefix">It documents all routes below this path.</param>
/// <param name="Description">The description.</param>
internal sealed record ApiDocument(string Name, string Title, string Prefix, string Description)
{
    // A breaking change gets another prefix instead of another version.
    public const string Version = "1.0";

    public string Path => $"/openapi/{Name}.json";
}
