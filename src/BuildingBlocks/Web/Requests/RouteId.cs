using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// Reads the id in a route. It is not a route constraint: an invalid id is an invalid request that names the field, not an unknown route.
/// </summary>
internal static class RouteId
{
    public static Result<Guid> Read(HttpRequest request, string name) =>
        Guid.TryParseExact(request.RouteValues[name] as string, "D", out var id)
            ? id
            : Invalid(name);

    public static Error Invalid(string name) => new(ErrorKind.Invalid, "invalid-id", "Invalid id", "The id in the path is not a UUID.")
    {
        Fields = new Dictionary<string, string[]> { [name] = ["Must be a UUID."] },
    };
}

/// <summary>The resource that a command changes.</summary>
/// <param name="Id">The id in the route.</param>
/// <param name="Version">The version that the client expects (<c>If-Match</c>), or null.</param>
public readonly record struct Target(Guid Id, long? Version);
