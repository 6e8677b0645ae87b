using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Sharing;

/// <summary>Registers the exchange of progress between hosts that share a store.</summary>
public static class ExchangeRegistration
{
    /// <summary>
    /// Lets hosts report their progress of a projection to each other. Projections that use the same channel share one exchange.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="projection">The projection's name.</param>
    /// <param name="name">The channel's name.</param>
    /// <param name="open">Opens the channel of that name; returns null if this host is the only one.</param>
    public static void AddExchange(
        this ModuleBuilder module, string projection, string name, Func<IServiceProvider, string, IHostChannel?> open)
    {
        var isFirst = !module.Services.Any(service => service.ServiceType == typeof(ProjectionProgress) && name.Equals(service.ServiceKey));
        module.Services.AddKeyedSingleton(name, (services, _) => new ProjectionProgress(
            services.GetRequiredKeyedService<ProjectionStatus>(projection), services.GetRequiredService<TimeProvider>()));
        if (isFirst)
        {
            module.Services.AddSingleton<IHostedService>(services => new ProgressExchange(
                open(services, name),
                services.GetKeyedServices<ProjectionProgress>(name),
                services.GetRequiredService<ILogger<ProgressExchange>>()));
        }
    }
}
