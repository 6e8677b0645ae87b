using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.EventLog.Relaying;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Kafka;

/// <summary>Carries events by Kafka.</summary>
public static class KafkaRegistration
{
    /// <summary>The settings of Kafka.</summary>
    public static IReadOnlyList<Setting> Settings => [KafkaSettings.Servers, KafkaSettings.ClientSettings];

    /// <summary>Registers the Kafka transport: readers as consumer groups, and the target of the relays.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration; see <c>Kafka:BootstrapServers</c> and <c>Kafka:Client</c>.</param>
    public static void AddKafkaTransport(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = new KafkaSettings(configuration);
        settings.RequireClient();
        services.AddSingleton(settings);
        services.AddSingleton<KafkaAdmin>();
        services.AddSingleton<KafkaTopics>();
        services.AddSingleton<IRelayTarget>(provider => provider.GetRequiredService<KafkaTopics>());
        services.AddSingleton<LocalLogs>();
        services.AddSingleton<IEventTransport, KafkaTransport>();
        services.AddHealthChecks().AddCheck<KafkaHealthCheck>("kafka", tags: ["ready"]);
    }
}
