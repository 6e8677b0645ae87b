using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// Refuses a query parameter that is given twice, on every route, since it would be a guess which of its values counts. Names are compared
/// case-insensitively, as they are read. No route takes a list as a parameter; one that does needs an exception here.
/// </summary>
internal sealed class RepeatedParametersMiddleware(RequestDelegate next)
{
    private const string Message = "Must be given once.";

    public Task InvokeAsync(HttpContext context) =>
        context.Request.QueryString.HasValue && context.GetEndpoint() is RouteEndpoint && ErrorOf(context.Request) is { } error
            ? context.WriteProblemAsync(error)
            : next(context);

    public static Error? ErrorOf(HttpRequest request)
    {
        Dictionary<string, string[]>? repeated = null;
        foreach (var (name, values) in request.Query)
        {
            if (values.Count > 1)
                (repeated ??= [])[FirstSpelling(request.QueryString, name)] = [Message];
        }

        return repeated is null ? null : RequestErrors.Invalid(repeated);
    }

    // The query collection keeps the last spelling.
    private static string FirstSpelling(QueryString query, string name)
    {
        foreach (var parameter in new QueryStringEnumerable(query.Value))
        {
            if (parameter.DecodeName().Span.Equals(name, StringComparison.OrdinalIgnoreCase))
                return parameter.DecodeName().ToString();
        }

        return name;
    }
}
