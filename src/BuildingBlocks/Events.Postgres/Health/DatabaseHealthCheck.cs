using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Health;

/// <summary>Unhealthy when the module cannot log in to its database.</summary>
internal sealed class DatabaseHealthCheck(ModuleDatabase database) : IHealthCheck
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private Task asking = Task.CompletedTask;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await AskedAsync().WaitAsync(WaitTimeout, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The database of {database.Module} does not answer: {exception.Message}");
        }
    }

    /// <summary>The question that is under way, else a new one: where a server has gone silent the library takes far longer than anybody waits here, and not every ask is to take a connection more.</summary>
    private Task AskedAsync()
    {
        lock (gate)
        {
            if (asking.IsCompleted)
                asking = AskAsync();
            return asking;
        }
    }

    private async Task AskAsync()
    {
        using var bounded = new CancellationTokenSource(WaitTimeout);
        await using var ping = database.App.CreateCommand("select 1");
        await ping.ExecuteScalarAsync(bounded.Token);
    }
}
