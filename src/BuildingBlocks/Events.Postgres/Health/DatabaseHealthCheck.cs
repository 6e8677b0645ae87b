using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Health;

/// <summary>Unhealthy when the module cannot log in to its database.</summary>
internal sealed class DatabaseHealthCheck(ModuleDatabase database) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private Task ping = Task.CompletedTask;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await CurrentPingAsync().WaitAsync(Timeout, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"The database of {database.Module} does not answer: {exception.Message}");
        }
    }

    // The ping in progress, or a new one. If the server does not respond, the library takes much longer than the timeout, and each check
    // must not take another connection.
    private Task CurrentPingAsync()
    {
        lock (gate)
        {
            if (ping.IsCompleted)
                ping = PingAsync();
            return ping;
        }
    }

    private async Task PingAsync()
    {
        using var bounded = new CancellationTokenSource(Timeout);
        await using var command = database.App.CreateCommand("select 1");
        await command.ExecuteScalarAsync(bounded.Token);
    }
}
