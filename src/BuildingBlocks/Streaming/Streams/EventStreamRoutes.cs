using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.ServerSentEvents;

namespace Monolith.BuildingBlocks.Streaming.Streams;

/// <summary>Maps the stream of all events.</summary>
public static class EventStreamRoutes
{
    private static readonly RouteTag Tag = new("Events", "The events of all modules as a stream.");

    /// <summary>GET of the events as they come, one message an event: from now on, or after <c>Last-Event-ID</c>.</summary>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="property">The property of the events' data that holds an id to filter by; the parameter has the same name.</param>
    public static IEndpointConventionBuilder MapEventStream(this IEndpointRouteBuilder routes, string pattern, string property)
    {
        var feed = routes.ServiceProvider.GetRequiredService<LiveFeed>();
        string[] types = [.. feed.Logs.SelectMany(log => routes.ServiceProvider.GetRequiredKeyedService<EventCatalogue>(log).TypeNames)];
        return routes.MapStream(pattern, query => EventQuery.Read(query, feed.Logs, types, property), async (query, lastId, cancellation) =>
        {
            var opened = await feed.OpenAsync(lastId is null ? new FeedStart.Head() : new FeedStart.After(lastId), query.Wants, cancellation);
            return opened.TryGet(out var subscription, out var error) ? new EventSource(subscription) : (Result<IEventSource>)error;
        }, new StreamForm("One message an event: its id is a place to come back to, its name the type of the event, its data the event with its envelope, as JSON. A client that is too slow is told dropped, and comes back.", GoesOn: true))
            .Refuses(LiveFeed.NotReady, LiveFeed.BrokenPlace())
            .Summary("Stream events", "The events of all modules as they come, from now on or after Last-Event-ID.").Tag(Tag);
    }
}
