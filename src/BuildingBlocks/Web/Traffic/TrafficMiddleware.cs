using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Web.Traffic;

/// <summary>Counts requests, and refuses those that are too many: at once, so that whoever waits behind them does not wait in vain.</summary>
internal sealed class TrafficMiddleware(RequestDelegate next, RequestTraffic traffic)
{
    public static Error Overloaded { get; } = new(
        ErrorKind.Unavailable, "overloaded", "Too many requests at once", "The host works on as many requests as it may. Nothing of this one was done; send it again in a moment.");

    public Task InvokeAsync(HttpContext context)
    {
        // It may be sent to whoever takes this host's place: the connection would be cut while the next request is on its way.
        if (traffic.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return context.GetEndpoint()?.Metadata.GetMetadata<BypassRequestLimit>() is not null ? next(context) : CountAsync(context);
    }

    private async Task CountAsync(HttpContext context)
    {
        if (!traffic.TryBegin())
        {
            await context.AnswerAsync(Overloaded);
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
