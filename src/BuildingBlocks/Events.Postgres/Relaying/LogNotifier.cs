using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Postgres.Channels;
using Monolith.BuildingBlocks.Events.Postgres.Reading;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>
/// Tells the relays of other hosts of commits here, and hears of theirs. One message stands for all commits of a few milliseconds; what is lost, the slow poll of the relays makes up for.
/// </summary>
internal sealed partial class LogNotifier(PostgresLog log, RelayStatus relay, ILogger<LogNotifier> logger) : BackgroundService
{
    private static readonly TimeSpan Coalesced = TimeSpan.FromMilliseconds(5);

    private readonly NotificationChannel channel = new(log.Database, $"{log.Database.Schema}_log", logger);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RetryLoop.RunAsync(TellAsync, exception => NotTold(log.Name, exception.Message), stoppingToken),
        channel.HearAsync(_ => log.Signal.Pulse(), stoppingToken));

    private async Task TellAsync(CancellationToken stopping)
    {
        while (true)
        {
            var seen = log.Commits.Version;
            // Alone there is nobody to tell.
            if (relay.Relays > 1)
                await channel.TellAsync("commit", stopping);
            await log.Commits.WaitAsync(seen, stopping);
            await Task.Delay(Coalesced, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Other hosts are not told of commits to {Log}: {Reason}")]
    private partial void NotTold(string log, string reason);
}
