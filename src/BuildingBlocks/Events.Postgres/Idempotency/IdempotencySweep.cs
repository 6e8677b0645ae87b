using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Idempotency;

/// <summary>Removes a module's keys that have been kept for long enough, in short batches.</summary>
internal sealed partial class IdempotencySweep(PostgresLog log, TimeProvider clock, ILogger<IdempotencySweep> logger) : BackgroundService
{
    private const int MostAtOnce = 1_000;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private readonly string delete =
        $"""
        delete from {log.Database.Schema}.idempotency_keys where key in (
            select key from {log.Database.Schema}.idempotency_keys where kept_at < $1 order by kept_at limit {MostAtOnce})
        """;

    /// <summary>Removes what has been kept for long enough.</summary>
    /// <returns>How many keys were removed.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Kept;
        for (var sum = 0; ;)
        {
            await using var command = log.Database.App.CreateCommand(delete);
            command.Parameters.Add(new() { Value = before });
            var removed = await command.ExecuteNonQueryAsync(cancellation);
            sum += removed;
            if (removed < MostAtOnce)
                return sum;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                NotSwept(log.Name, exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Idempotency keys beside {Log} were not removed and will be later: {Reason}")]
    private partial void NotSwept(string log, string reason);
}
