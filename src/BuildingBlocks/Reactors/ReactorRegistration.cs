using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>Registers a module's reactors.</summary>
public static class ReactorRegistration
{
    /// <summary>Registers a reactor, which then runs with the host.</summary>
    /// <typeparam name="TReactor">The reactor.</typeparam>
    /// <param name="module">The module that owns it, and in whose read schema its checkpoints are.</param>
    /// <param name="name">Its stable name (<c>orders.cancel-orders-of-deactivated</c>): under another one it is a new reactor.</param>
    /// <exception cref="InvalidOperationException">There is already a reactor of that name.</exception>
    public static void Reactor<TReactor>(this ModuleBuilder module, string name)
        where TReactor : Reactor
    {
        if (module.Services.Any(service => service.ServiceType == typeof(ReactorStatus) && name.Equals(service.ServiceKey)))
            throw new InvalidOperationException($"There is already a reactor {name}.");

        var database = module.AddDatabase();
        module.Services.AddSingleton(new ReadSchema(module.Name));
        module.Services.TryAddSingleton(TimeProvider.System);
        module.Services.TryAddSingleton<TReactor>();
        module.Services.AddKeyedSingleton(name, (services, _) => new ReactorStatus(name, services.GetRequiredService<TimeProvider>()));
        module.Services.AddSingleton(services => services.GetRequiredKeyedService<ReactorStatus>(name));
        module.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"reactor:{name}",
            services => new ReactorHealthCheck(services.GetRequiredKeyedService<ReactorStatus>(name)),
            HealthStatus.Degraded,
            ["ready"]));
        module.Services.AddSingleton<IHostedService>(services =>
        {
            var reactor = services.GetRequiredService<TReactor>();
            return new ReactorRunner(
                ReactorDefinition.Of(name, reactor, module.Services),
                reactor,
                new ReactorCheckpoints(database.App, new ReadSchema(module.Name).Name, name),
                services.GetRequiredService<IEventTransport>(),
                services.GetRequiredService<IServiceScopeFactory>(),
                services.GetRequiredKeyedService<ReactorStatus>(name),
                services.GetRequiredService<ILogger<ReactorRunner>>());
        });
    }
}
