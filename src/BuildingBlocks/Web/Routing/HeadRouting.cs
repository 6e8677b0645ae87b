using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Monolith.BuildingBlocks.Web.Routing;

/// <summary>
/// Serves HEAD on every GET route (RFC 9110, 9.3.2). Only routing sees GET. The endpoint sees HEAD and can leave out work that only the
/// body needs. The server drops the body.
/// </summary>
internal static class HeadRouting
{
    // A separate string instance: its reference marks a request without an allocation.
    private static readonly string HeadAsGet = new(HttpMethods.Get);

    public static IApplicationBuilder UseRoutingWithHead(this IApplicationBuilder app) => app
        .Use(next => context =>
        {
            if (HttpMethods.IsHead(context.Request.Method))
                context.Request.Method = HeadAsGet;
            return next(context);
        })
        .UseRouting()
        .Use(next => context =>
        {
            if (ReferenceEquals(context.Request.Method, HeadAsGet))
                context.Request.Method = HttpMethods.Head;
            return next(context);
        });

    /// <summary>Adds HEAD to the header Allow of a 405 if it lists GET, since routing does not know about HEAD.</summary>
    public static void CompleteAllow(IHeaderDictionary headers)
    {
        var methods = headers.Allow.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head))
            headers.Allow = string.Join(", ", methods.Append(HttpMethods.Head));
    }
}
