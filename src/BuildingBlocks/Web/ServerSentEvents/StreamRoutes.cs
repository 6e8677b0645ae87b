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

/// <summary>Maps routes that answer with server-sent events.</summary>
public static class StreamRoutes
{
    /// <summary>GET of a stream that goes on until the client leaves.</summary>
    /// <typeparam name="TQuery">What is asked.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">Reads the parameters.</param>
    /// <param name="open">Opens the stream for what was asked, after the client's last id where it names one; a refusal is answered as a problem, before anything is sent.</param>
    /// <param name="form">What the messages are.</param>
    public static IEndpointConventionBuilder MapStream<TQuery>(
        this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, TQuery> query, Func<TQuery, string?, CancellationToken, Task<Result<IEventSource>>> open, StreamForm form)
    {
        var settings = routes.ServiceProvider.GetRequiredService<SseSettings>();
        var lifetime = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        return routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var asked = query(reader);
            var opened = reader.Error is { } unreadable ? unreadable : await open(asked, LastIdOf(context.Request), context.RequestAborted);
            if (!opened.TryGet(out var source, out var error))
            {
                await context.AnswerAsync(error);
                return;
            }

            await using (source)
                await new EventConnection(context, source, settings.Heartbeat, lifetime.ApplicationStopping).RunAsync();
        }).Describe(RouteShapes.Stream(form, reader => query(reader))).BypassRequestLimit();
    }

    // An empty one is what a client sends that has seen none.
    private static string? LastIdOf(HttpRequest request) => request.Headers[RouteHeader.LastEventId.Name].ToString() is { Length: > 0 } id ? id : null;
}
