using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Postgres.Channels;
using Monolith.BuildingBlocks.Events.Postgres.Reading;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>
/// Notifies the relays of other hosts of commits of this host, and receives their notifications. One message stands for all commits within
/// a few milliseconds. If a message is lost, the next poll of the relay finds the commit.
/// </summary>
internal sealed partial class LogNotifier(PostgresLog log, RelayStatus relay, ILogger<LogNotifier> logger) : BackgroundService
{
    private static readonly TimeSpan CoalesceWindow = TimeSpan.FromMilliseconds(5);

    private readonly NotificationChannel channel = new(log.Database, $"{log.Database.Schema}_log", logger);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RetryLoop.RunAsync(NotifyAsync, exception => PublishFailed(log.Name, exception.Message), stoppingToken),
        channel.SubscribeAsync(_ => log.Signal.Pulse(), stoppingToken));

    private async Task NotifyAsync(CancellationToken stopping)
    {
        while (true)
        {
            var seen = log.Commits.Version;
            if (relay.Relays > 1)
                await channel.PublishAsync("commit", stopping);
            await log.Commits.WaitAsync(seen, stopping);
            await Task.Delay(CoalesceWindow, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Other hosts could not be notified of commits to {Log}: {Reason}")]
    private partial void PublishFailed(string log, string reason);
}
