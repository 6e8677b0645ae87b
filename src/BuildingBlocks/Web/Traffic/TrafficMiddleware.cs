using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Web.Traffic;

/// <summary>Counts requests and refuses those above the limit at once instead of queueing them.</summary>
internal sealed class TrafficMiddleware(RequestDelegate next, RequestTraffic traffic)
{
    public static Error Overloaded { get; } = new(
        ErrorKind.Unavailable,
        "overloaded",
        "Too many requests at once",
        "The host is executing as many requests as it may. This request was not executed. Send it again in a moment.");

    public Task InvokeAsync(HttpContext context)
    {
        // The client sends its next request to another host; otherwise the connection could be closed while that request is on its way.
        if (traffic.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return context.GetEndpoint()?.Metadata.GetMetadata<BypassRequestLimit>() is not null ? next(context) : CountAsync(context);
    }

    private async Task CountAsync(HttpContext context)
    {
        if (!traffic.TryBegin())
        {
            await context.WriteProblemAsync(Overloaded);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            traffic.End();
        }
    }
}
