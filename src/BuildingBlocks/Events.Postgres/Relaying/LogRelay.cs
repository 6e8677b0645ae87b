using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Relaying;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>Copies a module's log to its topic while the host runs, in one session after another.</summary>
internal sealed partial class LogRelay(
    PostgresLog log, IRelayTarget target, RelayStatus status, TimeProvider clock, ILogger<LogRelay> logger) : BackgroundService
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CheckTopicInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(3);

    private readonly RelayLeases leases = new(log);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunSessionAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                status.Problem = exception.Message;
                SessionEnded(log.Name, exception.Message);
                await Task.Delay(RetryPause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception)
            {
                SessionEnded(log.Name, exception is OperationCanceledException ? "the host stops" : exception.Message);
            }
        }

        await LeaveAsync();
    }

    private async Task RunSessionAsync(CancellationToken stopping)
    {
        var topicId = await target.EnsureTopicAsync(log.Name, log.Partitions, stopping);
        using var session = new RelaySession(log, target, leases, status, topicId, clock, logger);
        var (renewedAt, checkedAt) = (0L, clock.GetTimestamp());
        try
        {
            while (true)
            {
                var (seen, settled) = (log.Signal.Version, session.Settled.Version);
                if (renewedAt == 0 || clock.GetElapsedTime(renewedAt) >= RenewInterval)
                {
                    renewedAt = clock.GetTimestamp();
                    await session.RenewAsync(stopping);
                }

                if (clock.GetElapsedTime(checkedAt) >= CheckTopicInterval)
                {
                    checkedAt = clock.GetTimestamp();
                    if (await TopicChangedAsync(topicId, stopping))
                        return;
                }

                var more = await session.PumpAsync(stopping);
                // Only after the first successful read: until then, the problem of the previous session still applies.
                status.Problem = null;
                if (!more)
                    await WaitAsync(session, seen, settled, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await DrainAsync(session);
            throw;
        }
    }

    // The broker does not notify producers that a topic was recreated.
    private async Task<bool> TopicChangedAsync(string topicId, CancellationToken cancellation)
    {
        try
        {
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bounded.CancelAfter(RenewInterval);
            if (await target.IsSameTopicAsync(log.Name, topicId, log.Partitions, bounded.Token))
                return false;
        }
        catch (Exception exception) when (exception is not WrongTopicException && !cancellation.IsCancellationRequested)
        {
            // The broker is unavailable. The producer waits for it as well.
            return false;
        }

        TopicReplaced(log.Name);
        return true;
    }

    private async Task WaitAsync(RelaySession session, long seen, long settled, CancellationToken stopping)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var growth = log.Signal.WaitAsync(seen, waiting.Token);
        var room = session.Settled.WaitAsync(settled, waiting.Token);
        await Task.WhenAny(growth, room, Task.Delay(PollInterval, clock, waiting.Token));
        await waiting.CancelAsync();
        stopping.ThrowIfCancellationRequested();
    }

    private async Task DrainAsync(RelaySession session)
    {
        var since = clock.GetTimestamp();
        while (!session.IsDrained && clock.GetElapsedTime(since) < DrainTimeout)
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock);
    }

    private async Task LeaveAsync()
    {
        try
        {
            using var bounded = new CancellationTokenSource(RetryPause);
            await leases.LeaveAsync(bounded.Token);
        }
        catch (Exception exception)
        {
            // The leases expire.
            SessionEnded(log.Name, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The relay of {Log} ended a session: {Reason}")]
    private partial void SessionEnded(string log, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The topic {Log} was deleted and recreated. The relay starts again in the new topic.")]
    private partial void TopicReplaced(string log);
}
