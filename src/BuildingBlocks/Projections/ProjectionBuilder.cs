using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Health;
using Monolith.BuildingBlocks.Projections.Metrics;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>Registers a projection: how its partitions are applied and where its rows go.</summary>
public sealed class ProjectionBuilder
{
    private readonly ModuleBuilder module;
    private readonly object fold;
    private readonly string name;
    private readonly int version;
    private IReadOnlyList<EventSelection> sources = [];
    private WriterMode writers = WriterMode.Serialized;

    internal ProjectionBuilder(ModuleBuilder module, object fold, string name, int version)
    {
        this.module = module;
        this.fold = fold;
        this.name = name;
        this.version = version;
    }

    /// <summary>
    /// Declares that the fold is keyed by the stream id of one log, so that partitions are applied concurrently. The key is checked for
    /// each event.
    /// </summary>
    public ProjectionBuilder KeyedByStream()
    {
        writers = WriterMode.Concurrent;
        return this;
    }

    /// <summary>The module that owns the projection.</summary>
    public string Module => module.Name;

    /// <summary>
    /// Keeps the rows in a store of some kind and starts the projection with the host. Each kind has an extension method for it
    /// (<c>ToPostgres</c>).
    /// </summary>
    /// <param name="kind">The kind of store.</param>
    /// <exception cref="InvalidOperationException">
    /// The registration contradicts itself, or the store cannot keep such rows; the message says how.
    /// </exception>
    public void To(IProjectionStoreProvider kind)
    {
        var keyed = KeyedBase(fold.GetType())
            ?? throw new InvalidOperationException($"{fold.GetType().Name} is no KeyedProjection<TKey, TRow>.");
        var (key, row) = (keyed.GetGenericArguments()[0], keyed.GetGenericArguments()[1]);
        var wanted = (IFold)fold;
        sources = EventSelection.Of(module.Services, wanted.Events, wanted.Logs);
        CheckNames();
        if (writers == WriterMode.Concurrent && (sources.Count != 1 || key != typeof(Guid)))
            throw new InvalidOperationException($"{name} cannot be keyed by the stream id: that takes one log, and a Guid as key.");

        var plan = new ProjectionPlan(name, key, row, writers);
        kind.Check(plan);
        kind.AddServices(module, plan);
        typeof(ProjectionBuilder).GetMethod(nameof(Register), BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(key, row)
            .Invoke(this, BindingFlags.DoNotWrapExceptions, null, [kind], null);
    }

    private void CheckNames()
    {
        if (sources.Count == 0)
            throw new InvalidOperationException($"{name} folds no event: name each with On in the constructor of {fold.GetType().Name}.");
        if (module.Services.Any(service => service.ServiceType == typeof(ProjectionStatus) && name.Equals(service.ServiceKey)))
            throw new InvalidOperationException($"There is already a projection {name}.");
    }

    private void Register<TKey, TRow>(IProjectionStoreProvider kind)
        where TKey : struct, IEquatable<TKey>
        where TRow : class
    {
        AddShared(module);
        module.Services.AddKeyedSingleton(
            name, (_, _) => new ProjectionStatus(name, version, [.. sources.Select(source => source.Catalogue.Log)]));
        module.Services.AddSingleton(services => services.GetRequiredKeyedService<ProjectionStatus>(name));
        module.Services.AddKeyedSingleton(name, (services, _) => new RateMeter(services.GetRequiredService<TimeProvider>()));
        module.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"projection:{name}",
            services => new ProjectionHealthCheck(services.GetRequiredKeyedService<ProjectionStatus>(name), kind.IsRemote),
            HealthStatus.Unhealthy,
            ["ready"]));
        module.Services.AddKeyedSingleton(name, new ProjectionDefinition(name, version, sources, writers));
        module.Services.AddKeyedSingleton(
            name, (services, _) => kind.Create<TKey, TRow>(services, services.GetRequiredKeyedService<ProjectionDefinition>(name)));
        module.Services.AddKeyedSingleton(
            name, (services, _) => services.GetRequiredKeyedService<IProjectionStore<TKey, TRow>>(name).Registry);
        module.Services.AddKeyedSingleton(name, (services, _) => new ProjectionContext<TKey, TRow>(
            services.GetRequiredKeyedService<ProjectionDefinition>(name),
            (KeyedProjection<TKey, TRow>)fold,
            services.GetRequiredKeyedService<IProjectionStore<TKey, TRow>>(name),
            services.GetRequiredService<IEventTransport>(),
            services.GetRequiredService<LogHeads>(),
            services.GetRequiredKeyedService<ProjectionStatus>(name),
            services.GetRequiredService<LagTracker>(),
            RebuildLimits.Default,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger($"{typeof(ProjectionRunner<,>).Namespace}.{name}")));
        module.Services.AddKeyedSingleton<IProjectionControl>(name, (services, _) =>
        {
            var context = services.GetRequiredKeyedService<ProjectionContext<TKey, TRow>>(name);
            return new ProjectionControl(
                context.Definition,
                module.Name.ToLowerInvariant(),
                context.Store.Registry,
                context.Heads,
                context.Status,
                services.GetRequiredKeyedService<RateMeter>(name),
                context.Clock);
        });
        module.Services.AddSingleton(services => services.GetRequiredKeyedService<IProjectionControl>(name));
        module.Services.AddSingleton<IHostedService>(services => new ProjectionRunner<TKey, TRow>(
            services.GetRequiredKeyedService<ProjectionContext<TKey, TRow>>(name),
            services.GetRequiredKeyedService<RateMeter>(name),
            services.GetRequiredService<ProjectionSettings>(),
            kind.IsRemote,
            services.GetRequiredService<ILogger<ProjectionRunner<TKey, TRow>>>()));
    }

    private static void AddShared(ModuleBuilder module)
    {
        module.Services.TryAddSingleton(TimeProvider.System);
        module.Services.TryAddSingleton<LogHeads>();
        module.Services.TryAddSingleton<LagTracker>();
        module.Services.TryAddSingleton<IReadModelGate, ReadModelGate>();
        module.Services.TryAddSingleton(new ProjectionSettings(module.Configuration));
        module.Services.AddMetrics();
        module.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProjectionMetrics>());
        module.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LagMonitor>());
    }

    private static Type? KeyedBase(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType!)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(KeyedProjection<,>))
                return current;
        }

        return null;
    }
}
