using Microsoft.AspNetCore.Http;

namespace Monolith.BuildingBlocks.Web.Responses;

/// <summary>
/// Sets the headers of every response for browsers and caches, before anything else can respond. Caches store nothing unless a route
/// allows it, since most responses contain personal data. A client that stores a response itself can still validate it by its <c>ETag</c>.
/// </summary>
internal sealed class DefaultHeadersMiddleware(RequestDelegate next)
{
    private const string ReferrerPolicy = "Referrer-Policy";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers[ReferrerPolicy] = "no-referrer";
        headers.CacheControl = "no-store";
        return next(context);
    }
}
