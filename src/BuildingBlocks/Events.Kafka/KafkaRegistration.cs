using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Relaying;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Registers the Kafka transport.</summary>
public static class KafkaRegistration
{
    /// <summary>The settings of Kafka.</summary>
    public static IReadOnlyList<Setting> Settings => [KafkaSettings.Servers, KafkaSettings.ClientSettings];

    /// <summary>
    /// Registers the Kafka transport: readers in consumer groups, the target of the relays, and a monitor of the topics. Call it after the
    /// modules have been registered.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The configuration, with <c>Kafka:BootstrapServers</c> and <c>Kafka:Client</c>.</param>
    public static void AddKafkaTransport(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = new KafkaSettings(configuration);
        settings.RequireClient();
        string[] topics =
        [
            .. services.Where(service => service.ServiceType == typeof(EventCatalogue) && service.IsKeyedService)
                .Select(service => (string)service.ServiceKey!)
                .Distinct(),
        ];
        services.AddSingleton(settings);
        services.AddSingleton<KafkaAdmin>();
        services.AddSingleton<KafkaTopics>();
        services.AddSingleton<IRelayTarget>(provider => provider.GetRequiredService<KafkaTopics>());
        services.AddSingleton<LocalLogs>();
        services.AddSingleton<TopicBeginnings>();
        services.AddSingleton(provider => new TopicMonitor(
            topics,
            provider.GetServices<IEventLog>(),
            provider.GetRequiredService<KafkaAdmin>(),
            provider.GetRequiredService<TopicBeginnings>(),
            TimeProvider.System,
            provider.GetRequiredService<ILogger<TopicMonitor>>()));
        services.AddHostedService(provider => provider.GetRequiredService<TopicMonitor>());
        services.AddSingleton<IEventTransport, KafkaTransport>();
        services.AddHealthChecks()
            .AddCheck<KafkaHealthCheck>("kafka", tags: ["ready"])
            .AddCheck<TopicHealthCheck>("topics", tags: ["ready"]);
    }
}
