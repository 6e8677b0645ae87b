using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Reads the id in a route. It is no route constraint: a bad id is a bad request that names the field, not an unknown route.</summary>
internal static class RouteId
{
    public static Result<Guid> Read(HttpRequest request, string name) =>
        Guid.TryParseExact(request.RouteValues[name] as string, "D", out var id)
            ? id
            : Invalid(name);

    public static Error Invalid(string name) => new(ErrorKind.Invalid, "invalid-id", "Invalid id", "The id in the path is no UUID.")
    {
        Fields = new Dictionary<string, string[]> { [name] = ["Must be a UUID."] },
    };
}
