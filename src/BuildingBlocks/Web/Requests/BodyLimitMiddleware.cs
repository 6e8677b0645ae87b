using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Monolith.BuildingBlocks.Web.Limits;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// Decodes bodies and refuses those that are too large, encoded or decoded. The server reads the rest of a refused body: if it closed the
/// connection at once, a client that is still sending would see a broken connection instead of the response.
/// </summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (NeedsLimit(context))
            request.Body = new LimitedBody(request.Body, request.ContentLength);
        if (request.Headers.ContentEncoding.Count > 0)
            ContentCoding.Decode(request);
        return next(context);
    }

    // A declared length within the limit is enforced by the server.
    private static bool NeedsLimit(HttpContext context) => context.Request.ContentLength is { } length
        ? length > RequestLimits.BodyBytes
        : context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
}
