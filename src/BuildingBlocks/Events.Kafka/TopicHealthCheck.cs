using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Degraded while a topic is not as it must be: commands and live read models still work, but events may be lost for later readers, or are.</summary>
internal sealed class TopicHealthCheck(TopicWatch watch) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(watch.Faults is { Count: > 0 } faults ? HealthCheckResult.Degraded(string.Join(' ', faults)) : HealthCheckResult.Healthy());
}
