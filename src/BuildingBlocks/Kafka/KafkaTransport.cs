using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Kafka;

/// <summary>The transport for more than one process: readers are members of a consumer group, and partitions come from it.</summary>
internal sealed class KafkaTransport(KafkaSettings settings, KafkaAdmin admin, LocalLogs localLogs, ILogger<KafkaTransport> logger) : IEventTransport
{
    private readonly KafkaHeads heads = new(admin, localLogs);

    public bool IsCopy => true;

    public IEventReader Open(Subscription subscription) => new KafkaReader(settings, admin, localLogs, subscription, logger);

    public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) => localLogs.HeadsAsync(log, cancellation);

    public Task<IReadOnlyList<LogHead>> EndsAsync(string log, CancellationToken cancellation) => heads.OfAsync(log, cancellation);

    public Task ForgetAsync(string group, CancellationToken cancellation) => admin.DeleteGroupAsync(group, cancellation);
}
