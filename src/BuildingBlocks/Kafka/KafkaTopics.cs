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

    private readonly ConcurrentDictionary<string, string> checkedTopics = new();

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

    public IRelayProducer Open(string topic, Action<LogRecord> acknowledged, Action<string> failed) =>
        new KafkaProducer(settings, topic, acknowledged, failed, logger);

    private async Task CreateAsync(string topic, int partitions, CancellationToken cancellation)
    {
        try
        {
            var specification = new TopicSpecification
            {
                Name = topic,
                NumPartitions = partitions,
                Configs = new Dictionary<string, string> { ["retention.ms"] = Unlimited, ["retention.bytes"] = Unlimited, ["cleanup.policy"] = "delete" },
            };
            await admin.Client.CreateTopicsAsync([specification]).WaitAsync(cancellation);
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => result.Error.Code is ErrorCode.TopicAlreadyExists or ErrorCode.NoError))
        {
            // Another host was faster.
        }
    }

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
        var entries = (await admin.Client.DescribeConfigsAsync([resource]).WaitAsync(cancellation))[0].Entries;
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
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings.Looker()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var bounds = new Dictionary<int, WatermarkOffsets>();
        foreach (var partition in partitions)
        {
            var watermarks = consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), Patience);
            if (watermarks.High.Value > watermarks.Low.Value)
                bounds.Add(partition, watermarks);
        }

        var last = Look(consumer, topic, bounds.ToDictionary(entry => entry.Key, entry => entry.Value.High.Value - 1), cancellation);
        var first = Look(consumer, topic, bounds.ToDictionary(entry => entry.Key, entry => entry.Value.Low.Value), cancellation);
        return bounds.Keys.ToDictionary(partition => partition, partition => new TopicEnds(first[partition], last[partition]));
    }

    /// <summary>Reads one record of each partition.</summary>
    private static Dictionary<int, TopicRecord> Look(IConsumer<byte[], byte[]> consumer, string topic, Dictionary<int, long> offsets, CancellationToken cancellation)
    {
        var found = new Dictionary<int, TopicRecord>();
        consumer.Assign(offsets.Select(entry => new TopicPartitionOffset(topic, entry.Key, entry.Value)));
        var deadline = DateTime.UtcNow + Patience;
        while (found.Count < offsets.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            if (DateTime.UtcNow > deadline)
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"The ends of {topic} could not be read."));
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } result || found.ContainsKey(result.Partition))
                continue;
            var (sequence, eventId) = RecordFormat.PlaceOf(result);
            found.Add(result.Partition, new TopicRecord(sequence, eventId) { Position = result.Offset });
        }

        consumer.Unassign();
        return found;
    }
}
