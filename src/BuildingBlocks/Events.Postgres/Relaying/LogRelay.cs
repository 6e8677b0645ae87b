using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Relaying;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>Copies a module's log to its topic for as long as the host runs, one session after the other.</summary>
internal sealed partial class LogRelay(PostgresLog log, IRelayTarget target, RelayStatus status, TimeProvider clock, ILogger<LogRelay> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CheckTopicEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SlowPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(3);

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
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                if (renewedAt == 0 || clock.GetElapsedTime(renewedAt) >= RenewEvery)
                {
                    renewedAt = clock.GetTimestamp();
                    await session.RenewAsync(stopping);
                }

                if (clock.GetElapsedTime(checkedAt) >= CheckTopicEvery)
                {
                    checkedAt = clock.GetTimestamp();
                    if (await TopicChangedAsync(topicId, stopping))
                        return;
                }

                var more = await session.PumpAsync(stopping);
                // Only now: a session that cannot even begin its work is no better than the one before it.
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

    /// <summary>A broker does not tell its producers that a topic was made anew.</summary>
    private async Task<bool> TopicChangedAsync(string topicId, CancellationToken cancellation)
    {
        try
        {
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bounded.CancelAfter(RenewEvery);
            if (await target.IsStillAsync(log.Name, topicId, log.Partitions, bounded.Token))
                return false;
        }
        catch (Exception exception) when (exception is not WrongTopicException && !cancellation.IsCancellationRequested)
        {
            // The broker is away: the producer waits for it, and so does this check.
            return false;
        }

        TopicReplaced(log.Name);
        return true;
    }

    private async Task WaitAsync(RelaySession session, long seen, long settled, CancellationToken stopping)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var news = log.Signal.WaitAsync(seen, waiting.Token);
        var room = session.Settled.WaitAsync(settled, waiting.Token);
        await Task.WhenAny(news, room, Task.Delay(SlowPoll, clock, waiting.Token));
        await waiting.CancelAsync();
        stopping.ThrowIfCancellationRequested();
    }

    private async Task DrainAsync(RelaySession session)
    {
        var since = clock.GetTimestamp();
        while (!session.IsDrained && clock.GetElapsedTime(since) < DrainAtMost)
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock);
    }

    private async Task LeaveAsync()
    {
        try
        {
            using var bounded = new CancellationTokenSource(Pause);
            await leases.LeaveAsync(bounded.Token);
        }
        catch (Exception exception)
        {
            // The leases run out by themselves.
            SessionEnded(log.Name, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The relay of {Log} ended a session: {Reason}")]
    private partial void SessionEnded(string log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The topic {Log} was deleted and made anew; the relay starts over in it.")]
    private partial void TopicReplaced(string log);
}
