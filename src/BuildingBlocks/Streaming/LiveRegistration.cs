using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Streaming.Feed;
using Monolith.BuildingBlocks.Streaming.Following;

namespace Monolith.BuildingBlocks.Streaming;

/// <summary>Registers the feed of live events.</summary>
public static class LiveRegistration
{
    /// <summary>The settings of the feed.</summary>
    public static IReadOnlyList<Setting> Settings => [LiveSettings.Buffer];

    /// <summary>Registers the feed over all logs that the modules of this process write or read. Call it after the modules.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration; see <c>Stream:BufferEvents</c>.</param>
    public static void AddLiveFeed(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = LiveSettings.Of(configuration);
        var catalogues = services.Where(service => service.ServiceType == typeof(EventCatalogue) && service.IsKeyedService);
        string[] logs = [.. catalogues.Select(service => (string)service.ServiceKey!).Distinct()];
        services.AddSingleton(provider => new LiveFeed(
            provider.GetRequiredService<IEventTransport>(), logs, settings, provider.GetRequiredService<ILogger<LiveFeed>>()));
    }
}
