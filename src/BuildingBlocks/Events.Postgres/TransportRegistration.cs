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

/// <summary>Registers the in-process transport, or the relays to a broker.</summary>
public static class TransportRegistration
{
    /// <summary>Registers the in-process transport: readers read the logs directly. It serves one process only.</summary>
    /// <param name="services">The services of the host. Call the method after the modules have been registered.</param>
    public static void AddInProcessTransport(this IServiceCollection services)
    {
        services.AddSingleton<IEventTransport, InProcessTransport>();
        foreach (var log in LogsOf(services))
            AddClaim(services, log, isExclusive: true);
    }

    /// <summary>Registers a relay for each log, to its topic in the registered <see cref="IRelayTarget"/>.</summary>
    /// <param name="services">The services of the host. Call the method after the modules have been registered.</param>
    public static void AddRelays(this IServiceCollection services)
    {
        foreach (var log in LogsOf(services))
        {
            AddClaim(services, log, isExclusive: false);
            var status = new RelayStatus(log.Name);
            services.AddSingleton(status);
            services.AddSingleton<IHostedService>(provider => new LogRelay(
                log,
                provider.GetRequiredService<IRelayTarget>(),
                status,
                TimeProvider.System,
                provider.GetRequiredService<ILogger<LogRelay>>()));
            services.AddSingleton<IHostedService>(provider => new LogNotifier(
                log, status, provider.GetRequiredService<ILogger<LogNotifier>>()));
            services.AddHealthChecks()
                .Add(new HealthCheckRegistration($"relay:{log.Name}", new RelayHealthCheck(status), HealthStatus.Unhealthy, ["ready"]));
        }
    }

    private static void AddClaim(IServiceCollection services, PostgresLog log, bool isExclusive) =>
        services.AddSingleton<IHostedService>(provider => new DatabaseClaim(
            log.Database,
            isExclusive,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<DatabaseClaim>>()));

    private static PostgresLog[] LogsOf(IServiceCollection services) =>
    [
        .. services.Where(service => service.ServiceType == typeof(PostgresLog) && !service.IsKeyedService)
            .Select(service => (PostgresLog)service.ImplementationInstance!),
    ];
}
