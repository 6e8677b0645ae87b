using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Monolith.BuildingBlocks.EventLog.Relaying;

/// <summary>
/// Tells the relays of other hosts of commits here, and hears of theirs. One NOTIFY stands for all commits of a few milliseconds, from a connection of its own: within a command's transaction it would
/// serialize the commits of the whole database.
/// </summary>
internal sealed partial class LogNotifier(PostgresLog log, RelayStatus relay, ILogger<LogNotifier> logger) : BackgroundService
{
    private static readonly TimeSpan Coalesced = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly string channel = $"{log.Database.Schema}_log";
    private readonly string self = Guid.NewGuid().ToString("N");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        KeepUpAsync(TellAsync, stoppingToken),
        KeepUpAsync(HearAsync, stoppingToken));

    private async Task TellAsync(CancellationToken stopping)
    {
        await using var connection = await log.Database.App.OpenConnectionAsync(stopping);
        while (true)
        {
            var seen = log.Commits.Version;
            // Alone there is nobody to tell.
            if (relay.Relays > 1)
            {
                await using var notify = new NpgsqlCommand("select pg_notify($1, $2)", connection) { Parameters = { new() { Value = channel }, new() { Value = self } } };
                await notify.ExecuteNonQueryAsync(stopping);
            }

            await log.Commits.WaitAsync(seen, stopping);
            await Task.Delay(Coalesced, stopping);
        }
    }

    private async Task HearAsync(CancellationToken stopping)
    {
        // Not from the pool: whoever got the connection next would go on listening.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(log.Database.ConnectionStringOf(log.Database.AppRole)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(stopping);
        connection.Notification += (_, notification) =>
        {
            if (notification.Payload != self)
                log.Signal.Pulse();
        };
        await using (var listen = new NpgsqlCommand($"listen {channel}", connection))
            await listen.ExecuteNonQueryAsync(stopping);
        while (true)
            await connection.WaitAsync(stopping);
    }

    private async Task KeepUpAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The slow poll does its work meanwhile.
                ConnectionLost(log.Name, exception.Message);
                await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The notifications of {Log} are interrupted: {Reason}")]
    private partial void ConnectionLost(string log, string reason);
}
