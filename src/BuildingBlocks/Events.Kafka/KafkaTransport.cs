using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>The transport for several processes: readers are members of consumer groups, which assign the partitions.</summary>
internal sealed class KafkaTransport(
    KafkaSettings settings,
    KafkaAdmin admin,
    LocalLogs localLogs,
    TopicBeginnings beginnings,
    ILogger<KafkaTransport> logger) : IEventTransport
{
    private readonly KafkaHeads heads = new(admin, localLogs);
    private readonly KafkaOffsetSearch offsets = new(settings, admin, localLogs, beginnings);

    public bool IsCopy => true;

    public IEventReader Open(Subscription subscription) => new KafkaReader(settings, admin, localLogs, beginnings, subscription, logger);

    public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) =>
        TranslateErrorsAsync(log, localLogs.HeadsAsync(log, cancellation));

    public Task<IReadOnlyList<LogHead>> PartitionHeadsAsync(string log, CancellationToken cancellation) =>
        heads.ReadAsync(log, cancellation);

    public Task DeleteGroupAsync(string group, CancellationToken cancellation) => admin.DeleteGroupAsync(group, cancellation);

    public async IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(
        IReadOnlyDictionary<LogPartition, long> from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var follower = new KafkaFollower(settings, admin, from, logger);
        await foreach (var records in follower.Records.ReadAllAsync(cancellation))
            yield return records;
    }

    public Task<IReadOnlyDictionary<LogPartition, long>> OffsetsSinceAsync(
        string log, DateTimeOffset since, CancellationToken cancellation) =>
        offsets.SinceAsync(log, since - IEventTransport.MaxClockSkew, cancellation);

    public async Task<IReadOnlyDictionary<LogPartition, DeletedRecords>> DeletedRecordsAsync(string log, CancellationToken cancellation) =>
        
        (await TranslateErrorsAsync(log, beginnings.CheckAsync(log, cancellation)))
            .ToDictionary(entry => new LogPartition(log, entry.Key), entry => entry.Value);

    public IHostChannel OpenChannel(string name) => new TopicChannel(settings, admin, name, logger);

    private static async Task<T> TranslateErrorsAsync<T>(string log, Task<T> task)
    {
        try
        {
            return await task;
        }
        catch (KafkaException exception)
        {
            throw new EventsUnavailableException($"The topic {log} cannot be read: {exception.Error.Reason}", exception);
        }
    }
}
