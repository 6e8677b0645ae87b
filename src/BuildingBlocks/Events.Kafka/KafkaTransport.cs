using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>The transport for more than one process: readers are members of a consumer group, and partitions come from it.</summary>
internal sealed class KafkaTransport(KafkaSettings settings, KafkaAdmin admin, LocalLogs localLogs, TopicBeginnings beginnings, ILogger<KafkaTransport> logger) : IEventTransport
{
    private readonly KafkaHeads heads = new(admin, localLogs);
    private readonly KafkaOffsetSearch places = new(settings, admin, localLogs, beginnings);

    public bool IsCopy => true;

    public IEventReader Open(Subscription subscription) => new KafkaReader(settings, admin, localLogs, beginnings, subscription, logger);

    public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) => AnsweredAsync(log, localLogs.HeadsAsync(log, cancellation));

    public Task<IReadOnlyList<LogHead>> EndsAsync(string log, CancellationToken cancellation) => heads.OfAsync(log, cancellation);

    public Task ForgetAsync(string group, CancellationToken cancellation) => admin.DeleteGroupAsync(group, cancellation);

    public async IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(IReadOnlyDictionary<LogPartition, long> from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var follower = new KafkaFollower(settings, admin, from, logger);
        await foreach (var records in follower.Records.ReadAllAsync(cancellation))
            yield return records;
    }

    public Task<IReadOnlyDictionary<LogPartition, long>> PlacesSinceAsync(string log, DateTimeOffset since, CancellationToken cancellation) => places.SinceAsync(log, since - IEventTransport.ClockSlack, cancellation);

    public async Task<IReadOnlyDictionary<LogPartition, DeletedRecords>> DeletedAsync(string log, CancellationToken cancellation) =>
        (await AnsweredAsync(log, beginnings.LookAsync(log, cancellation))).ToDictionary(entry => new LogPartition(log, entry.Key), entry => entry.Value);

    public IHostChannel ChannelOf(string name) => new TopicChannel(settings, admin, name, logger);

    private static async Task<T> AnsweredAsync<T>(string log, Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (KafkaException exception)
        {
            throw new EventsUnavailableException($"The topic {log} cannot be read: {exception.Error.Reason}", exception);
        }
    }
}
