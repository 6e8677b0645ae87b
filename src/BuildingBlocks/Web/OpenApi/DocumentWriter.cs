using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>
/// Writes one document from the endpoints of the running host. Routes are mapped to use cases without a method whose parameters an API explorer could read; what they take and answer is the
/// <see cref="RouteShape"/> that the function which maps them has put there. A route below the document's path without one is an error, so that none is left out.
/// </summary>
internal sealed class DocumentWriter(ApiDocument api) : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = api.Title, Version = ApiDocument.Version, Description = api.Description };
        // Wherever it is asked: the document is the same for all hosts.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Paths = [];
        document.Components = new OpenApiComponents();
        var operations = new OperationWriter(document, context.ApplicationServices);
        foreach (var path in Endpoints((EndpointDataSource)context.ApplicationServices.GetService(typeof(EndpointDataSource))!).GroupBy(entry => entry.Path).OrderBy(path => path.Key, StringComparer.Ordinal))
            document.Paths.Add(path.Key, PathOf(path, operations));
        operations.WriteComponents();
        return Task.CompletedTask;
    }

    /// <summary>The endpoints that a document is about, with their paths and methods.</summary>
    public IEnumerable<(string Path, string Method, RouteEndpoint Endpoint)> Endpoints(EndpointDataSource all) =>
        from endpoint in all.Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where path.StartsWith(api.Prefix + "/", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select (path, method, endpoint);

    private static OpenApiPathItem PathOf(IEnumerable<(string Path, string Method, RouteEndpoint Endpoint)> path, OperationWriter operations)
    {
        var item = new OpenApiPathItem();
        foreach (var (route, method, endpoint) in path.OrderBy(entry => entry.Method, StringComparer.Ordinal))
            item.AddOperation(HttpMethod.Parse(method), operations.Write(route, method, endpoint));
        return item;
    }
}
