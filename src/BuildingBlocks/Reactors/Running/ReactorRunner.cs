using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors.Running;

/// <summary>Runs one reactor in this process: notes where it starts, subscribes, and starts over after any failure of the whole.</summary>
internal sealed partial class ReactorRunner(
    ReactorDefinition definition,
    Reactor reactor,
    ReactorCheckpoints checkpoints,
    IEventTransport transport,
    IServiceScopeFactory scopes,
    ReactorStatus status,
    ILogger<ReactorRunner> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NoteStartAtMost = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await NoteStartAsync(cancellationToken);
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
                StartingOver(definition.Name, exception);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Before the host serves, so that whatever follows from its first request is news; but what is away must not keep it from starting.</summary>
    private async Task NoteStartAsync(CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(NoteStartAtMost);
        try
        {
            await checkpoints.PrepareAsync(transport, definition.Logs, bounded.Token);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            status.Problem = exception.Message;
            StartNotNoted(definition.Name, exception);
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        await checkpoints.PrepareAsync(transport, definition.Logs, stopping);
        status.Clear();
        await using var reader = transport.Open(new Subscription(definition.Group, definition.Logs, checkpoints.TakeAsync) { ReportsApplied = true });
        status.Problem = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watching = new StalledPartitionMonitor(definition.Name, transport, definition.Logs, reader, status, status.Clock, logger).RunAsync(() => true, ended.Token);
        try
        {
            await new ReactorLoop(definition, new ReactionAttempts(definition.Name, reactor, scopes, logger), checkpoints, reader, status, logger).RunAsync(stopping);
        }
        finally
        {
            await ended.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The reactor {Reactor} failed and starts over.")]
    private partial void StartingOver(string reactor, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} could not look up yet where it goes on; it tries again.")]
    private partial void StartNotNoted(string reactor, Exception exception);
}
