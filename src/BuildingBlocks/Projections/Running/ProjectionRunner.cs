using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Keeps one projection current in this process: prepares its store, subscribes, and starts over after any failure of the whole.</summary>
internal sealed partial class ProjectionRunner<TKey, TRow>(
    ProjectionDefinition definition,
    KeyedProjection<TKey, TRow> projection,
    IProjectionStore<TKey, TRow> store,
    IEventTransport transport,
    ProjectionStatus status,
    ILogger<ProjectionRunner<TKey, TRow>> logger) : BackgroundService
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A slow store must not keep the host from starting.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                status.Problem = exception.Message;
                StartingOver(definition.Name, exception);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var generation = await store.PrepareAsync(definition, stopping);
        status.Generation = generation;
        status.Clear();

        var subscription = new Subscription(
            definition.GroupOf(generation),
            [.. definition.Sources.Select(source => source.Catalogue.Log)],
            (partitions, cancellation) => store.TakeAsync(generation, partitions, cancellation));
        await using var reader = transport.Open(subscription);
        status.Problem = null;
        await new ProjectionLoop(definition, new PageApplier<TKey, TRow>(definition, projection, store, generation), reader, status, logger).RunAsync(stopping);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The projection {Projection} failed and starts over.")]
    private partial void StartingOver(string projection, Exception exception);
}
