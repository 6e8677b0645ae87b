using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Kafka;

/// <summary>The transport for more than one process: readers are members of a consumer group, and partitions come from it.</summary>
internal sealed class KafkaTransport(KafkaSettings settings, KafkaAdmin admin, LocalLogs localLogs, ILogger<KafkaTransport> logger) : IEventTransport
{
    public IEventReader Open(Subscription subscription) => new KafkaReader(settings, admin, localLogs, subscription, logger);
}
