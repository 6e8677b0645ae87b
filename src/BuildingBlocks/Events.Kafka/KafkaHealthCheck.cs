using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Unhealthy when no broker answers.</summary>
internal sealed class KafkaHealthCheck(KafkaAdmin admin, KafkaSettings settings) : IHealthCheck
{
    /// <summary>
    /// A topic of the cluster's own. Never the cluster as such: when a broker answers that there is no broker, as a single one does for a while after it stood still, the client library fails an assertion,
    /// and takes the process with it. An answer about a topic is never that empty.
    /// </summary>
    private static readonly TopicCollection Asked = TopicCollection.OfTopicNames(["__consumer_offsets"]);

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Whoever asks for the health waits no longer, also for a client that keeps its own time-outs badly.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await admin.AskAsync(cluster => cluster.DescribeTopicsAsync(Asked, new DescribeTopicsOptions { RequestTimeout = WaitTimeout })).WaitAsync(AnswerWithin, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DescribeTopicsException)
        {
            // Whether it is there, and whether we may see it, does not matter: a broker has answered.
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is KafkaException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"No broker answers at {settings.BootstrapServers}: {(exception as KafkaException)?.Error.Reason ?? exception.Message}");
        }
    }
}
