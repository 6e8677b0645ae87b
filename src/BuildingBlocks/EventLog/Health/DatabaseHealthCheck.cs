using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.BuildingBlocks.EventLog.Health;

/// <summary>Unhealthy when the module cannot log in to its database.</summary>
internal sealed class DatabaseHealthCheck(ModuleDatabase database) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        try
        {
            await using var ping = database.App.CreateCommand("select 1");
            await ping.ExecuteScalarAsync(bounded.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The database of {database.Module} does not answer: {exception.Message}");
        }
    }
}
