using Microsoft.AspNetCore.Http;

namespace Monolith.BuildingBlocks.Web.Answers;

/// <summary>
/// Sets what every answer says to browsers and caches, before anything else can answer. Nothing is kept by a cache unless its route says
/// otherwise: most answers hold personal data, and a new route cannot forget to say so.
/// A client that keeps an answer itself still validates it by its <c>ETag</c>.
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
