using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>Runs one reactor in this process: stores where it starts, subscribes, and restarts after a failure.</summary>
internal sealed partial class ReactorRunner(
    ReactorDefinition definition,
    Reactor reactor,
    ReactorCheckpoints checkpoints,
    IEventTransport transport,
    IServiceScopeFactory scopes,
    ReactorStatus status,
    ILogger<ReactorRunner> logger) : BackgroundService
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PrepareTimeout = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
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
                LogFailure(definition.Name, exception);
                await Task.Delay(RestartPause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Before the host serves requests, so that the reactor sees the events of the first one. An unavailable log must not prevent the start.
    private async Task PrepareAsync(CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(PrepareTimeout);
        try
        {
            await checkpoints.PrepareAsync(transport, definition.Logs, bounded.Token);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            status.Problem = exception.Message;
            LogNotPrepared(definition.Name, exception);
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        await checkpoints.PrepareAsync(transport, definition.Logs, stopping);
        status.Clear();
        var subscription = new Subscription(definition.Group, definition.Logs, checkpoints.ClaimAsync) { ReportsApplied = true };
        await using var reader = transport.Open(subscription);
        status.Problem = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var monitoring = new StalledPartitionMonitor(definition.Name, transport, definition.Logs, reader, status, status.Clock, logger)
            .RunAsync(() => true, ended.Token);
        try
        {
            var attempts = new ReactionAttempts(definition.Name, reactor, scopes, logger);
            await new ReactorLoop(definition, attempts, checkpoints, reader, status, logger).RunAsync(stopping);
        }
        finally
        {
            await ended.CancelAsync();
            await monitoring.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The reactor {Reactor} failed and restarts.")]
    private partial void LogFailure(string reactor, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} could not read its checkpoints yet; it tries again.")]
    private partial void LogNotPrepared(string reactor, Exception exception);
}
