using Microsoft.AspNetCore.Routing;
using Monolith.Host.Tests.OpenApi;
using Monolith.Testing;

namespace Monolith.Host.Tests.Edge;

/// <summary>The routes of the host, from its endpoints: a new route is tested without a change here.</summary>
internal static class MappedRoutes
{
    private const string AnyMethod = "*";

    // Query parameters that routes require.
    private static readonly Dictionary<string, string> Queries = new(StringComparer.Ordinal)
    {
        ["/api/v1/search/customers"] = "?q=a", ["/api/v1/search/orders"] = "?q=a",
    };

    /// <summary>Every route with its methods, as the host maps them.</summary>
    public static IEnumerable<(string Method, string Pattern)> All(this OpenHost host) =>
        from endpoint in host.Endpoints.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [AnyMethod]
        select (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));

    /// <summary>A path for every GET route.</summary>
    /// <param name="host">The host.</param>
    /// <param name="id">The value for each route parameter.</param>
    public static IEnumerable<string> GetPaths(this OpenHost host, Guid id) =>
        host.All().Where(route => route.Method is "GET" or AnyMethod).Select(route => PathOf(route.Pattern, id)).Distinct();

    /// <summary>A path of a route.</summary>
    /// <param name="pattern">The route.</param>
    /// <param name="id">The value for each route parameter.</param>
    public static string PathOf(string pattern, Guid id)
    {
        var parts = pattern.Split('/').Where(part => part is not ['{', .., '?', '}']);
        var path = string.Join('/', parts.Select(part => part.StartsWith('{') ? id.ToString() : part));
        return path + Queries.GetValueOrDefault(path);
    }

    /// <summary>Registers a customer.</summary>
    /// <param name="host">The host.</param>
    public static async Task<Guid> CustomerAsync(this OpenHost host)
    {
        var username = $"c-{Guid.NewGuid().ToString("n")[..20]}";
        var body = $$"""{"username":"{{username}}","firstName":"A","lastName":"B","email":"a@b.org"}""";
        var answer = await host.Client.PostJson("/api/v1/customers", body);
        answer.Status.ShouldBe(201, answer.Text);
        return (Guid)answer.Json["id"]!;
    }
}
