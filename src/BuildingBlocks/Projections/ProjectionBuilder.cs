using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Health;
using Monolith.BuildingBlocks.Projections.Metrics;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Projections.Running;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>Says where a projection's events come from and where its rows go.</summary>
public sealed class ProjectionBuilder
{
    private readonly ModuleBuilder module;
    private readonly object fold;
    private readonly string name;
    private readonly int version;
    private readonly List<(string Topic, Type[] Events)> sources = [];
    private WriterMode writers = WriterMode.OnePageAtATime;

    internal ProjectionBuilder(ModuleBuilder module, object fold, string name, int version)
    {
        this.module = module;
        this.fold = fold;
        this.name = name;
        this.version = version;
    }

    /// <summary>Adds a log that feeds the projection.</summary>
    /// <param name="topic">The log, by the name of its topic.</param>
    /// <param name="events">
    /// The events that the fold wants; the others are dropped by their header. Where none are named it wants all, and an event of a type that this binary does not know stops its partition.
    /// </param>
    public ProjectionBuilder From(string topic, params Type[] events)
    {
        sources.Add((topic, events));
        return this;
    }

    /// <summary>
    /// Declares that the fold is keyed by the stream id of one log, so that its partitions may be applied side by side. Checked at start as far as it can be, and for each event.
    /// </summary>
    public ProjectionBuilder KeyedByStream()
    {
        writers = WriterMode.SideBySide;
        return this;
    }

    /// <summary>Keeps the rows in PostgreSQL and starts the projection with the host.</summary>
    /// <param name="table">The view's name and the key column.</param>
    /// <param name="json">The JSON context for columns that PostgreSQL has no type for.</param>
    /// <exception cref="InvalidOperationException">The registration contradicts itself; the message says how.</exception>
    public void ToPostgres(PostgresTable table, JsonSerializerContext? json = null)
    {
        var keyed = KeyedBase(fold.GetType())
            ?? throw new InvalidOperationException($"{fold.GetType().Name} is no KeyedProjection<TKey, TRow>.");
        if (writers == WriterMode.SideBySide && (sources.Count != 1 || keyed.GetGenericArguments()[0] != typeof(Guid)))
            throw new InvalidOperationException($"{name} cannot be keyed by the stream id: that takes one log, and a Guid as key.");

        CheckNames();
        module.AddDatabase();
        module.Services.AddSingleton(new ReadSchema(module.Name));
        typeof(ProjectionBuilder).GetMethod(nameof(Register), BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(keyed.GetGenericArguments())
            .Invoke(this, BindingFlags.DoNotWrapExceptions, null, [table, json], null);
    }

    private void CheckNames()
    {
        if (sources.Count == 0)
            throw new InvalidOperationException($"{name} reads no log: say which by From.");
        if (sources.GroupBy(source => source.Topic).FirstOrDefault(group => group.Count() > 1) is { Key: var twice })
            throw new InvalidOperationException($"{name} names the log {twice} twice: name all events that it wants in one From.");
        if (module.Services.Any(service => service.ServiceType == typeof(ProjectionStatus) && name.Equals(service.ServiceKey)))
            throw new InvalidOperationException($"There is already a projection {name}.");
    }

    private void Register<TKey, TRow>(PostgresTable table, JsonSerializerContext? json)
        where TKey : struct, IEquatable<TKey>
        where TRow : class
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = (IJsonTypeInfoResolver?)json ?? JsonTypeInfoResolver.Combine() };
        AddShared(module);
        module.Services.AddKeyedSingleton(name, (_, _) => new ProjectionStatus(name, version, [.. sources.Select(source => source.Topic)]));
        module.Services.AddSingleton(services => services.GetRequiredKeyedService<ProjectionStatus>(name));
        module.Services.AddKeyedSingleton(name, (services, _) => new RateMeter(services.GetRequiredService<TimeProvider>()));
        module.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"projection:{name}", services => new ProjectionHealthCheck(services.GetRequiredKeyedService<ProjectionStatus>(name)), HealthStatus.Unhealthy, ["ready"]));
        module.Services.AddKeyedSingleton(name, (services, _) => new ProjectionContext<TKey, TRow>(
            new ProjectionDefinition(name, version, [.. sources.Select(source => SourceOf(services, source.Topic, source.Events))], writers),
            (KeyedProjection<TKey, TRow>)fold,
            StoreOf<TKey, TRow>(services, table, options),
            services.GetRequiredService<IEventTransport>(),
            services.GetRequiredService<LogHeads>(),
            services.GetRequiredKeyedService<ProjectionStatus>(name),
            services.GetRequiredService<LivePace>(),
            BuildLimits.Usual,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger($"{typeof(ProjectionRunner<,>).Namespace}.{name}")));
        module.Services.AddKeyedSingleton<IProjectionSnapshots>(
            name, (services, _) => new PostgresSnapshots(name, new ReadSchema(module.Name).Name, table, StoreOf<TKey, TRow>(services, table, options).Registry));
        module.Services.AddKeyedSingleton<IProjectionControl>(name, (services, _) =>
        {
            var context = services.GetRequiredKeyedService<ProjectionContext<TKey, TRow>>(name);
            return new ProjectionControl(context.Definition, services.GetRequiredKeyedService<ModuleDatabase>(module.Name).Schema, context.Store.Registry, context.Heads, context.Status, services.GetRequiredKeyedService<RateMeter>(name), context.Clock);
        });
        module.Services.AddSingleton(services => services.GetRequiredKeyedService<IProjectionControl>(name));
        module.Services.AddSingleton<IHostedService>(services => new ProjectionRunner<TKey, TRow>(
            services.GetRequiredKeyedService<ProjectionContext<TKey, TRow>>(name),
            services.GetRequiredKeyedService<RateMeter>(name),
            services.GetRequiredService<ProjectionSettings>(),
            services.GetRequiredService<ILogger<ProjectionRunner<TKey, TRow>>>()));
    }

    private PostgresStore<TKey, TRow> StoreOf<TKey, TRow>(IServiceProvider services, PostgresTable table, JsonSerializerOptions options)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => new(
            services.GetRequiredKeyedService<ModuleDatabase>(module.Name).App,
            new ReadSchema(module.Name).Name,
            new ProjectionDefinition(name, version, [.. sources.Select(source => SourceOf(services, source.Topic, source.Events))], writers),
            table,
            options);

    private static void AddShared(ModuleBuilder module)
    {
        module.Services.TryAddSingleton(TimeProvider.System);
        module.Services.TryAddSingleton<LogHeads>();
        module.Services.TryAddSingleton<LivePace>();
        module.Services.TryAddSingleton(new ProjectionSettings(module.Configuration));
        module.Services.AddMetrics();
        module.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProjectionMetrics>());
    }

    private static ProjectionSource SourceOf(IServiceProvider services, string topic, Type[] events) =>
        ProjectionSource.Of(services.GetRequiredKeyedService<EventCatalogue>(topic), events);

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
