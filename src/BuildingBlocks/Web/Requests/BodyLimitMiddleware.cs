using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// Decodes bodies, refuses those that are too large, encoded or decoded, and leaves it to the server to take in the rest of them: were
/// the connection closed at once, whoever still sends would be told of a broken connection, and not why.
/// </summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        // Nearly all say how long they are, and are read without anything in between.
        if (request.ContentLength is { } length ? length > WebLimits.BodyBytes : context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            request.Body = new LimitedBody(request.Body, request.ContentLength);
        if (request.Headers.ContentEncoding.Count > 0)
            ContentCoding.Decode(request);
        return next(context);
    }
}
