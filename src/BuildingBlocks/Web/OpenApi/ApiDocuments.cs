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
        "Every refusal is a problem document (RFC 9457): decide by its type, which is `urn:problem:` and one of the slugs that each status lists. Beside those of each operation there are, for any path, "
        + "404 `route-not-found`, 405 `method-not-allowed`, and 400 `invalid-request` for a `Consistency-Token` that is none. What the server refuses before a request exists (a broken request line: 400; a URL over 128 KiB: 414; headers over 32 KiB: 431) has a bare status. "
        + "Constraints are those of text that is trimmed already.";

    /// <summary>The API of the modules.</summary>
    internal static ApiDocument Modules { get; } = new("v1", "Monolith", "/api/v1", Errors);

    /// <summary>The API for operators.</summary>
    internal static ApiDocument Admin { get; } = new("admin", "Monolith, for operators", "/admin/api", $"For this machine alone, until there is sign-in. {Errors}");

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

    // Made once: the routes of a host do not change while it runs.
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
