using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Monolith.BuildingBlocks.Web.Routing;

/// <summary>
/// Lets every GET route answer HEAD as well (RFC 9110, 9.3.2). Only routing sees GET. Everything behind it sees HEAD, so that a route can
/// leave out work that only its body needs. The server drops the body.
/// </summary>
internal static class HeadRouting
{
    // A string of its own: its reference marks a request without an allocation.
    private static readonly string HeadAsGet = new(HttpMethods.Get);

    /// <summary>Routes requests.</summary>
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

    /// <summary>Adds HEAD to the methods of a 405 where GET is one of them: routing names only those that it knows.</summary>
    public static void CompleteAllow(IHeaderDictionary headers)
    {
        var methods = headers.Allow.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head))
            headers.Allow = string.Join(", ", methods.Append(HttpMethods.Head));
    }
}
