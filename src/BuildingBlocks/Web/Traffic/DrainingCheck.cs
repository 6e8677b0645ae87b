using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monolith.BuildingBlocks.Web.Traffic;

/// <summary>Says that the host is about to stop, while it still answers.</summary>
internal sealed class DrainingCheck(RequestTraffic traffic) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(traffic.IsDraining ? HealthCheckResult.Unhealthy("The host is about to stop: send no more requests.") : HealthCheckResult.Healthy());
}
