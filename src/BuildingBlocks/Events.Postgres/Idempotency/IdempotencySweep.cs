using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Idempotency;

/// <summary>Deletes expired idempotency keys of a module, in short batches.</summary>
internal sealed partial class IdempotencySweep(PostgresLog log, TimeProvider clock, ILogger<IdempotencySweep> logger) : BackgroundService
{
    private const int BatchSize = 1_000;

    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly string delete =
        $"""
        delete from {log.Database.Schema}.idempotency_keys where key in (
            select key from {log.Database.Schema}.idempotency_keys where kept_at < $1 order by kept_at limit {BatchSize})
        """;

    /// <summary>Deletes the expired keys.</summary>
    /// <returns>The number of deleted keys.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Retention;
        for (var total = 0; ;)
        {
            await using var command = log.Database.App.CreateCommand(delete);
            command.Parameters.Add(new() { Value = before });
            var deleted = await command.ExecuteNonQueryAsync(cancellation);
            total += deleted;
            if (deleted < BatchSize)
                return total;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                SweepFailed(log.Name, exception.Message);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Expired idempotency keys of {Log} could not be deleted and will be later: {Reason}")]
    private partial void SweepFailed(string log, string reason);
}
