using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;
using Monolith.BuildingBlocks.Events.Relaying;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Postgres;

/// <summary>Chooses how events reach their readers.</summary>
public static class TransportRegistration
{
    /// <summary>Readers take the events straight from the logs; one process only.</summary>
    /// <param name="services">The host's services, with the modules' logs.</param>
    public static void AddEmbeddedTransport(this IServiceCollection services)
    {
        services.AddSingleton<IEventTransport, InProcessTransport>();
        foreach (var log in LogsOf(services))
            AddClaim(services, log, alone: true);
    }

    /// <summary>Each log is relayed to its topic, by the host's <see cref="IRelayTarget"/>.</summary>
    /// <param name="services">The host's services, with the modules' logs.</param>
    public static void AddRelays(this IServiceCollection services)
    {
        foreach (var log in LogsOf(services))
        {
            AddClaim(services, log, alone: false);
            var status = new RelayStatus(log.Name);
            services.AddSingleton(status);
            services.AddSingleton<IHostedService>(provider => new LogRelay(
                log, provider.GetRequiredService<IRelayTarget>(), status, TimeProvider.System, provider.GetRequiredService<ILogger<LogRelay>>()));
            services.AddSingleton<IHostedService>(provider => new LogNotifier(log, status, provider.GetRequiredService<ILogger<LogNotifier>>()));
            services.AddHealthChecks().Add(new HealthCheckRegistration($"relay:{log.Name}", new RelayHealthCheck(status), HealthStatus.Unhealthy, ["ready"]));
        }
    }

    private static void AddClaim(IServiceCollection services, PostgresLog log, bool alone) =>
        services.AddSingleton<IHostedService>(provider => new DatabaseClaim(
            log.Database, alone, provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<ILogger<DatabaseClaim>>()));

    private static PostgresLog[] LogsOf(IServiceCollection services) =>
        [.. services.Where(service => service.ServiceType == typeof(PostgresLog) && !service.IsKeyedService).Select(service => (PostgresLog)service.ImplementationInstance!)];
}
