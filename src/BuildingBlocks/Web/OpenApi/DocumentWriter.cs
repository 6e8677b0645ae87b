using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>
/// Writes a document from the endpoints of the running host. Their handlers have no parameters that the API explorer could read. Instead,
/// the function that maps a route describes it with a <see cref="RouteShape"/>. A route of the document without one is an error, so that
/// none is left out.
/// </summary>
internal sealed class DocumentWriter(ApiDocument api) : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = api.Title, Version = ApiDocument.Version, Description = api.Description };
        // The document is the same on every host.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Paths = [];
        document.Components = new OpenApiComponents();
        var operations = new OperationWriter(document, context.ApplicationServices);
        var endpoints = Endpoints(context.ApplicationServices.GetRequiredService<EndpointDataSource>());
        foreach (var path in endpoints.GroupBy(entry => entry.Path).OrderBy(path => path.Key, StringComparer.Ordinal))
            document.Paths.Add(path.Key, PathOf(path, operations));
        operations.WriteComponents();
        return Task.CompletedTask;
    }

    /// <summary>The endpoints of the document, with their paths and methods.</summary>
    public IEnumerable<(string Path, string Method, RouteEndpoint Endpoint)> Endpoints(EndpointDataSource all) =>
        from endpoint in all.Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where path.StartsWith(api.Prefix + "/", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select (path, method, endpoint);

    private static OpenApiPathItem PathOf(
        IEnumerable<(string Path, string Method, RouteEndpoint Endpoint)> path, OperationWriter operations)
    {
        var item = new OpenApiPathItem();
        foreach (var (route, method, endpoint) in path.OrderBy(entry => entry.Method, StringComparer.Ordinal))
            item.AddOperation(HttpMethod.Parse(method), operations.Write(route, method, endpoint));
        return item;
    }
}
