using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Health;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>
/// Runs one projection without a host and without dependency injection: it keeps the live generation current, builds new generations and
/// carries out what is requested by <see cref="Control"/>. A host registers its projections with <see cref="ProjectionRegistration"/>.
/// </summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
public sealed class ProjectionEngine<TKey, TRow> : IAsyncDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly ProjectionRunner<TKey, TRow> runner;
    private readonly ProjectionHealthCheck health;
    private bool disposed;

    /// <summary>Prepares the engine; it does nothing until it is started.</summary>
    /// <param name="definition">The projection's name, version and logs.</param>
    /// <param name="fold">The fold.</param>
    /// <param name="store">The store of the rows. The engine does not dispose it.</param>
    /// <param name="transport">Delivers the events.</param>
    /// <param name="options">Options.</param>
    public ProjectionEngine(
        ProjectionDefinition definition,
        KeyedProjection<TKey, TRow> fold,
        IProjectionStore<TKey, TRow> store,
        IEventTransport transport,
        ProjectionEngineOptions? options = null)
    {
        options ??= new ProjectionEngineOptions();
        var heads = new LogHeads(options.Logs, transport, options.Clock);
        var rates = new RateMeter(options.Clock);
        Status = new ProjectionStatus(definition.Name, definition.Version, [.. definition.Sources.Select(source => source.Catalogue.Log)]);
        Control = new ProjectionControl(definition, options.Module, store.Registry, heads, Status, rates, options.Clock);
        health = new ProjectionHealthCheck(Status, options.StoreIsRemote);
        var context = new ProjectionContext<TKey, TRow>(
            definition,
            fold,
            store,
            transport,
            heads,
            Status,
            options.Lag ?? new LagTracker(options.Clock),
            options.RebuildLimits,
            options.Clock,
            options.Loggers.CreateLogger($"{typeof(ProjectionRunner<,>).Namespace}.{definition.Name}"));
        runner = new ProjectionRunner<TKey, TRow>(
            context,
            rates,
            new ProjectionSettings(options.KeepRetiredFor),
            options.StoreIsRemote,
            options.Loggers.CreateLogger<ProjectionRunner<TKey, TRow>>());
    }

    /// <summary>Shows and changes the generations and dead letters of the projection, as an operator does.</summary>
    public IProjectionControl Control { get; }

    /// <summary>How far the projection is.</summary>
    public ProjectionStatus Status { get; }

    /// <summary>Starts to apply events.</summary>
    /// <param name="cancellation">Cancels the start.</param>
    public Task StartAsync(CancellationToken cancellation) => runner.StartAsync(cancellation);

    /// <summary>Checks the projection as the readiness check of a host does.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    public Task<HealthCheckResult> CheckHealthAsync(CancellationToken cancellation) =>
        health.CheckHealthAsync(new HealthCheckContext(), cancellation);

    /// <summary>Stops the engine. What was applied stays in the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        await runner.StopAsync(CancellationToken.None);
        runner.Dispose();
    }
}
