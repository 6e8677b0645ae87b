using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.Traffic;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>Maps routes that respond with server-sent events.</summary>
public static class StreamRoutes
{
    /// <summary>Maps a GET of a stream that continues until the client disconnects.</summary>
    /// <typeparam name="TQuery">The parameters.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">Reads the parameters.</param>
    /// <param name="open">Opens the stream after the client's Last-Event-ID, or from now on if that is null.</param>
    /// <param name="format">The format of the stream.</param>
    public static IEndpointConventionBuilder MapStream<TQuery>(
        this IEndpointRouteBuilder routes,
        string pattern,
        Func<QueryReader, TQuery> query,
        Func<TQuery, string?, CancellationToken, Task<Result<IEventSource>>> open,
        EventStreamFormat format)
    {
        var settings = routes.ServiceProvider.GetRequiredService<SseSettings>();
        var lifetime = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        return routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var parameters = query(reader);
            var opened = reader.Error is { } invalid
                ? invalid
                : await open(parameters, LastEventIdOf(context.Request), context.RequestAborted);
            if (!opened.TryGet(out var source, out var error))
            {
                await context.WriteProblemAsync(error);
                return;
            }

            await using (source)
                await new SseConnection(context, source, settings.Heartbeat, lifetime.ApplicationStopping).RunAsync();
        }).Describe(RouteShapes.Stream(format, reader => query(reader))).BypassRequestLimit();
    }

    // A client that has no id yet may send an empty header.
    private static string? LastEventIdOf(HttpRequest request) =>
        request.Headers[RouteHeader.LastEventId.Name].ToString() is { Length: > 0 } id ? id : null;
}
