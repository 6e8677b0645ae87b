using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Relaying;

namespace Monolith.BuildingBlocks.Kafka;

/// <summary>Topics as the relay needs them: made with all partitions and kept for ever, checked, looked into, written to.</summary>
internal sealed class KafkaTopics(KafkaSettings settings, KafkaAdmin admin, ILogger<KafkaTopics> logger) : IRelayTarget
{
    private const string Unlimited = "-1";

    /// <summary>Of each step of a look at a topic; all of them together must be done before a lease runs out.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How far back a stale relay's repeats may reach: what it may have had under way, and then some.</summary>
    private const int MostRepeats = 25_000;

    private readonly ConcurrentDictionary<string, string> checkedTopics = new();

    /// <summary>By topic id and partition: how far its tail was read, and the furthest event up to there.</summary>
    private readonly ConcurrentDictionary<string, (long End, TopicRecord Furthest)> tails = new();

    public async Task<string> EnsureTopicAsync(string topic, int partitions, CancellationToken cancellation)
    {
        var description = await admin.DescribeAsync(topic).WaitAsync(cancellation);
        if (description is null)
        {
            await CreateAsync(topic, partitions, cancellation);
            description = await DescribeNewAsync(topic, cancellation);
        }

        if (description.Partitions.Count != partitions)
        {
            throw new WrongTopicException(
                $"The topic {topic} has {description.Partitions.Count} partitions, the log has {partitions}: events would go to other partitions than readers expect. Delete the topic (it is filled again from the log).");
        }

        var id = description.TopicId.ToString();
        if (checkedTopics.GetValueOrDefault(topic) != id)
        {
            await CheckRetentionAsync(topic, cancellation);
            checkedTopics[topic] = id;
        }

        return id;
    }

    public Task<IReadOnlyDictionary<int, TopicEnds>> EndsAsync(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicEnds>>(() => Ends(topic, partitions, cancellation), cancellation);

    public Task<IReadOnlyDictionary<int, TopicRecord>> LastAsync(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicRecord>>(() => Last(topic, partitions, cancellation), cancellation);

    /// <summary>The furthest event of each partition of a topic. It need not be the last record: a relay that lost its lease may have repeated what stood there already.</summary>
    /// <returns>One entry a partition that holds records.</returns>
    public Task<IReadOnlyDictionary<int, TopicRecord>> FurthestAsync(TopicDescription topic, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicRecord>>(() => Furthest(topic, cancellation), cancellation);

    public IRelayProducer Open(string topic, Action<LogRecord> acknowledged, Action<string> failed) =>
        new KafkaProducer(settings, topic, acknowledged, failed, logger);

    private Task CreateAsync(string topic, int partitions, CancellationToken cancellation) => admin.CreateAsync(
        new TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            Configs = new Dictionary<string, string> { ["retention.ms"] = Unlimited, ["retention.bytes"] = Unlimited, ["cleanup.policy"] = "delete" },
        },
        cancellation);

    private async Task<TopicDescription> DescribeNewAsync(string topic, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if (await admin.DescribeAsync(topic).WaitAsync(cancellation) is { } description)
                return description;
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }

        throw new KafkaException(new Error(ErrorCode.UnknownTopicOrPart, $"The topic {topic} was made, but does not show."));
    }

    private async Task CheckRetentionAsync(string topic, CancellationToken cancellation)
    {
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        var entries = (await admin.AskAsync(cluster => cluster.DescribeConfigsAsync([resource])).WaitAsync(cancellation))[0].Entries;
        Expect("retention.ms", Unlimited);
        Expect("retention.bytes", Unlimited);
        Expect("cleanup.policy", "delete");

        void Expect(string name, string value)
        {
            if (entries.TryGetValue(name, out var entry) && entry.Value != value)
                throw new WrongTopicException($"The topic {topic} has {name}={entry.Value}, it must be {value}: events are kept for ever. Mend it with kafka-configs.sh.");
        }
    }

    private Dictionary<int, TopicEnds> Ends(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        using var consumer = Looker();
        var bounds = Bounds(consumer, topic, partitions);
        var last = Look(consumer, topic, LastOf(bounds), cancellation);
        var first = Look(consumer, topic, bounds.ToDictionary(entry => entry.Key, entry => entry.Value.Low.Value), cancellation);
        return bounds.Keys.ToDictionary(partition => partition, partition => new TopicEnds(first[partition], last[partition]));
    }

    private Dictionary<int, TopicRecord> Last(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        using var consumer = Looker();
        return Look(consumer, topic, LastOf(Bounds(consumer, topic, partitions)), cancellation);
    }

    private Dictionary<int, TopicRecord> Furthest(TopicDescription topic, CancellationToken cancellation)
    {
        using var consumer = Looker();
        var bounds = Bounds(consumer, topic.Name, [.. Enumerable.Range(0, topic.Partitions.Count)]);
        var furthest = Look(consumer, topic.Name, LastOf(bounds), cancellation);
        foreach (var (partition, bound) in bounds)
        {
            // Where nothing was ever repeated, as many records were written as the last one's offset says.
            if (furthest[partition].Sequence + 1 < bound.High.Value)
                furthest[partition] = FurthestOf(consumer, topic, partition, bound, cancellation);
        }

        return furthest;
    }

    /// <summary>Reads the tail of a partition, or what came since that was read last, and keeps the record with the highest log offset.</summary>
    private TopicRecord FurthestOf(IConsumer<byte[], byte[]> consumer, TopicDescription topic, int partition, WatermarkOffsets bound, CancellationToken cancellation)
    {
        var key = $"{topic.TopicId}/{partition}";
        var (position, furthest) = tails.GetValueOrDefault(key, (Math.Max(bound.Low.Value, bound.High.Value - MostRepeats), new TopicRecord(-1, null)));
        consumer.Assign(new TopicPartitionOffset(topic.Name, partition, position));
        while (position < bound.High.Value)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = consumer.Consume(Patience) ?? throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"The end of {topic.Name}[{partition}] could not be read."));
            if (result.IsPartitionEOF)
                break;
            position = result.Offset.Value + 1;
            var (sequence, eventId) = RecordFormat.PlaceOf(result);
            if (sequence > furthest.Sequence)
                furthest = new TopicRecord(sequence, eventId) { Position = result.Offset };
        }

        consumer.Unassign();
        tails[key] = (position, furthest);
        return furthest;
    }

    private IConsumer<byte[], byte[]> Looker() => new ConsumerBuilder<byte[], byte[]>(settings.Looker()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    private static Dictionary<int, WatermarkOffsets> Bounds(IConsumer<byte[], byte[]> consumer, string topic, IReadOnlyCollection<int> partitions)
    {
        var bounds = new Dictionary<int, WatermarkOffsets>();
        foreach (var partition in partitions)
        {
            var watermarks = consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), Patience);
            if (watermarks.High.Value > watermarks.Low.Value)
                bounds.Add(partition, watermarks);
        }

        return bounds;
    }

    private static Dictionary<int, long> LastOf(Dictionary<int, WatermarkOffsets> bounds) => bounds.ToDictionary(entry => entry.Key, entry => entry.Value.High.Value - 1);

    /// <summary>Reads one record of each partition. Where there is none, the place is a mark of a transaction: no relay writes such.</summary>
    private static Dictionary<int, TopicRecord> Look(IConsumer<byte[], byte[]> consumer, string topic, Dictionary<int, long> offsets, CancellationToken cancellation)
    {
        var found = offsets.ToDictionary(entry => entry.Key, entry => new TopicRecord(null, null) { Position = entry.Value });
        FirstRecords.Read(
            consumer,
            [.. offsets.Select(entry => new TopicPartitionOffset(topic, entry.Key, entry.Value))],
            result =>
            {
                var (sequence, eventId) = RecordFormat.PlaceOf(result);
                found[result.Partition] = new TopicRecord(sequence, eventId) { Position = result.Offset };
                return true;
            },
            Patience,
            $"The ends of {topic} could not be read.",
            cancellation);
        return found;
    }
}
