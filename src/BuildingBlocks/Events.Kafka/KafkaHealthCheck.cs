using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Unhealthy when no broker responds.</summary>
internal sealed class KafkaHealthCheck(KafkaAdmin admin, KafkaSettings settings) : IHealthCheck
{
    /// <summary>
    /// An internal topic of the cluster. The cluster itself is not described: a single broker that was suspended may respond that there are
    /// no brokers, and the client library then fails an assertion, which ends the process.
    /// </summary>
    private static readonly TopicCollection Topics = TopicCollection.OfTopicNames(["__consumer_offsets"]);

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The client does not always keep its own timeout.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var options = new DescribeTopicsOptions { RequestTimeout = RequestTimeout };
            await admin.RequestAsync(cluster => cluster.DescribeTopicsAsync(Topics, options)).WaitAsync(ResponseTimeout, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DescribeTopicsException)
        {
            // A broker has responded. Whether the topic exists and is visible does not matter.
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is KafkaException or TimeoutException)
        {
            var reason = (exception as KafkaException)?.Error.Reason ?? exception.Message;
            return HealthCheckResult.Unhealthy($"No broker answers at {settings.BootstrapServers}: {reason}");
        }
    }
}
