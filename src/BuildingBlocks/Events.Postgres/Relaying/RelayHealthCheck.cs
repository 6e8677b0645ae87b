using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>Unhealthy when the relay has a problem, a partition is refused, or no record is acknowledged.</summary>
internal sealed class RelayHealthCheck(RelayStatus status) : IHealthCheck
{
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (status.Problem is { } problem)
            return HealthCheckResult.Unhealthy(problem);
        if (status.Refused.Values.FirstOrDefault() is { } refusal)
            return HealthCheckResult.Unhealthy(refusal);
        if (status.UnacknowledgedFor > StalledAfter)
            return HealthCheckResult.Unhealthy($"Kafka has acknowledged nothing for {status.UnacknowledgedFor.TotalSeconds:0} s.");
        return status.UnknownType is { } type
            ? HealthCheckResult.Degraded(
                $"The log holds the type {type}, which this binary does not know: an older binary after a rollback?")
            : HealthCheckResult.Healthy($"{status.Partitions} partitions here, {status.Relays} relays");
    }
}
