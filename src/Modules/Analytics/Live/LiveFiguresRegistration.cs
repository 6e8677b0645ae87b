using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Streaming.Feed;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.ServerSentEvents;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics.Live;

/// <summary>Registers and maps the figures that move with the stream.</summary>
internal static class LiveFiguresRegistration
{
    public static void AddLiveFigures(this ModuleBuilder module)
    {
        module.Services.AddSingleton(services => new LiveFigures(() => new OrderCount(
            services.GetRequiredService<LiveFeed>(),
            services.GetRequiredKeyedService<EventCatalogue>(OrdersTopic.Name),
            TimeProvider.System,
            services.GetRequiredService<ILogger<OrderCount>>())));
    }

    public static IEndpointConventionBuilder MapLiveFigures(this IEndpointRouteBuilder endpoints)
    {
        var figures = endpoints.ServiceProvider.GetRequiredService<LiveFigures>();
        return endpoints.MapStream(
                "/api/v1/analytics/live", _ => true, (_, _, _) => Task.FromResult<Result<IEventSource>>(new FiguresSource(figures)),
                new EventStreamFormat($"One message {FiguresSource.MessageType} a change, at most 4 a second; the first has all of the hour. Its data is JSON: rows of minute, currency, orders and revenue, each in place of the one before of that minute and currency.", CanResume: false))
            .Summary("Stream live figures", "Orders and revenue a minute over the last hour, by currency, as they change.");
    }
}
