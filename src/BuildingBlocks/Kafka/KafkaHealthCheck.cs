using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monolith.BuildingBlocks.Kafka;

/// <summary>Unhealthy when no broker answers.</summary>
internal sealed class KafkaHealthCheck(KafkaAdmin admin, KafkaSettings settings) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var cluster = await admin.AskAsync(asked => asked.DescribeClusterAsync(new() { RequestTimeout = Patience })).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy($"{cluster.Nodes.Count} brokers");
        }
        catch (KafkaException exception)
        {
            return HealthCheckResult.Unhealthy($"No broker answers at {settings.BootstrapServers}: {exception.Error.Reason}");
        }
    }
}
