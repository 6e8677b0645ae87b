using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Relaying;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Creates, checks and reads the topics of logs, for relays and readers.</summary>
internal sealed class KafkaTopics(KafkaSettings settings, KafkaAdmin admin, ILogger<KafkaTopics> logger) : IRelayTarget
{
    /// <summary>For each request. All requests of a check together must end before the lease of a relay expires.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How far back duplicates of a stale relay may reach: more than it may have in flight.</summary>
    private const int MaxDuplicates = 25_000;

    private static readonly TimeSpan CheckLeadersInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, string> checkedTopics = new();

    /// <summary>By topic id and partition: how far its tail was read, and the record with the highest log offset up to there.</summary>
    private readonly ConcurrentDictionary<string, (long End, TopicRecord Furthest)> tails = new();

    /// <summary>How long partitions of a topic may be without a leader. A broker takes seconds to start.</summary>
    public TimeSpan LeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public async Task<string> EnsureTopicAsync(string topic, int partitions, CancellationToken cancellation)
    {
        var description = await admin.DescribeAsync(topic).WaitAsync(cancellation);
        if (description is null)
            await CreateAsync(topic, partitions, cancellation);
        if (description is null || checkedTopics.GetValueOrDefault(topic) != description.TopicId.ToString())
            description = await DescribeWithLeadersAsync(topic, cancellation);

        if (TopicRules.PartitionFaultOf(topic, description.Partitions.Count, partitions) is { } fault)
            throw new WrongTopicException(fault);

        var id = description.TopicId.ToString();
        if (checkedTopics.GetValueOrDefault(topic) != id)
        {
            await CheckSettingsAsync(topic, cancellation);
            checkedTopics[topic] = id;
        }

        return id;
    }

    public async Task<bool> IsSameTopicAsync(string topic, string topicId, int partitions, CancellationToken cancellation)
    {
        if (await admin.DescribeAsync(topic).WaitAsync(cancellation) is not { } description || description.TopicId.ToString() != topicId)
            return false;
        return TopicRules.PartitionFaultOf(topic, description.Partitions.Count, partitions) is { } fault
            ? throw new WrongTopicException(fault)
            : true;
    }

    public Task<IReadOnlyDictionary<int, TopicRange>> RangesAsync(
        string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicRange>>(() => Ranges(topic, partitions, cancellation), cancellation);

    public Task<IReadOnlyDictionary<int, TopicRecord>> LastRecordsAsync(
        string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicRecord>>(() => Last(topic, partitions, cancellation), cancellation);

    /// <summary>
    /// Reads the record with the highest log offset of each partition. It need not be the last record: a relay that lost its lease may have
    /// written duplicates after it.
    /// </summary>
    /// <returns>
    /// One entry for each partition that has or had records. If all records of a partition were deleted, the position before the next one,
    /// without an event id.
    /// </returns>
    public Task<IReadOnlyDictionary<int, TopicRecord>> FurthestAsync(TopicDescription topic, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicRecord>>(() => Furthest(topic, cancellation), cancellation);

    /// <summary>Reads the first record of each partition at or after a position.</summary>
    /// <returns>One entry for each partition; without a log offset if there is no such record, or if it is not an event.</returns>
    public Task<Dictionary<int, TopicRecord>> RecordsAtAsync(
        string topic, IReadOnlyDictionary<int, long> positions, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var consumer = BuildConsumer();
            return ReadAt(consumer, topic, positions, cancellation);
        },
        cancellation);

    public IRelayProducer OpenProducer(string topic, Action<LogRecord> acknowledged, Action<string> failed) =>
        new KafkaProducer(settings, topic, acknowledged, failed, logger);

    private Task CreateAsync(string topic, int partitions, CancellationToken cancellation) => admin.CreateAsync(
        new TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            Configs = TopicRules.Wanted.ToDictionary(),
        },
        cancellation);

    // Waits until each partition has a leader that serves it. For a moment after a topic was created, brokers know its partitions but
    // refuse reads and writes.
    private async Task<TopicDescription> DescribeWithLeadersAsync(string topic, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var description = await admin.DescribeAsync(topic).WaitAsync(cancellation);
            var problem = description is null
                ? $"The topic {topic} was created, but the brokers do not list it yet."
                : await LeaderProblemAsync(description, cancellation);
            if (problem is null)
                return description!;
            if (Stopwatch.GetElapsedTime(since) > LeaderTimeout)
                throw new KafkaException(new Error(ErrorCode.LeaderNotAvailable, problem));
            await Task.Delay(CheckLeadersInterval, cancellation);
        }
    }

    private async Task<string?> LeaderProblemAsync(TopicDescription topic, CancellationToken cancellation)
    {
        int[] leaderless = [.. LeaderlessOf(topic)];
        if (leaderless.Length > 0)
        {
            return $"The topic {topic.Name} has no leader of the partitions {string.Join(", ", leaderless)}. "
                + "A broker is down or still starting.";
        }

        TopicPartition[] partitions = [.. topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition))];
        var beginnings = await admin.BeginningsAsync(partitions).WaitAsync(cancellation);
        return beginnings.FirstOrDefault(beginning => beginning.Error.IsError) is { } refused
            ? $"The brokers do not serve the partition {refused.Partition.Value} of the topic {topic.Name}: {refused.Error.Reason}"
            : null;
    }

    private static IEnumerable<int> LeaderlessOf(TopicDescription topic) =>
        topic.Partitions.Where(partition => partition.Leader is not { Host.Length: > 0 }).Select(partition => partition.Partition);

    private async Task CheckSettingsAsync(string topic, CancellationToken cancellation)
    {
        var settings = await admin.SettingsAsync([topic]).WaitAsync(cancellation);
        if (TopicRules.FaultsOf(topic, settings[topic]).FirstOrDefault() is { } fault)
            throw new WrongTopicException(fault);
    }

    private Dictionary<int, TopicRange> Ranges(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        using var consumer = BuildConsumer();
        var bounds = Bounds(consumer, topic, partitions);
        var last = ReadAt(consumer, topic, LastOf(bounds), cancellation);
        var first = ReadAt(consumer, topic, bounds.ToDictionary(entry => entry.Key, entry => entry.Value.Low.Value), cancellation);
        return bounds.Keys.ToDictionary(partition => partition, partition => new TopicRange(first[partition], last[partition]));
    }

    private Dictionary<int, TopicRecord> Last(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        using var consumer = BuildConsumer();
        return ReadAt(consumer, topic, LastOf(Bounds(consumer, topic, partitions)), cancellation);
    }

    private Dictionary<int, TopicRecord> Furthest(TopicDescription topic, CancellationToken cancellation)
    {
        using var consumer = BuildConsumer();
        var all = Watermarks(consumer, topic.Name, [.. Enumerable.Range(0, topic.Partitions.Count)]);
        var bounds = NonEmpty(all);
        var furthest = ReadAt(consumer, topic.Name, LastOf(bounds), cancellation);
        foreach (var (partition, bound) in bounds)
        {
            // Without duplicates, the number of records is one more than the log offset of the last one.
            if (furthest[partition].Sequence + 1 < bound.High.Value)
                furthest[partition] = FurthestOf(consumer, topic, partition, bound, cancellation);
        }

        // The topic is filled from offset 0, so that the position of a record is never lower than its log offset.
        foreach (var (partition, emptied) in all.Where(entry => entry.Value.High.Value > 0 && !bounds.ContainsKey(entry.Key)))
            furthest[partition] = new TopicRecord(emptied.High.Value - 1, null) { Position = emptied.High.Value - 1 };
        return furthest;
    }

    /// <summary>
    /// Reads the tail of a partition, or its new records since the last call, and keeps the record with the highest log offset.
    /// </summary>
    private TopicRecord FurthestOf(
        IConsumer<byte[], byte[]> consumer, TopicDescription topic, int partition, WatermarkOffsets bound, CancellationToken cancellation)
    {
        var key = $"{topic.TopicId}/{partition}";
        var tail = Math.Max(bound.Low.Value, bound.High.Value - MaxDuplicates);
        var (position, furthest) = tails.GetValueOrDefault(key, (tail, new TopicRecord(-1, null)));
        consumer.Assign(new TopicPartitionOffset(topic.Name, partition, position));
        while (position < bound.High.Value)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = consumer.Consume(RequestTimeout)
                ?? throw new KafkaException(new Error(
                    ErrorCode.Local_TimedOut, $"The end of {topic.Name}[{partition}] could not be read."));
            if (result.IsPartitionEOF)
                break;
            position = result.Offset.Value + 1;
            var (sequence, eventId) = RecordFormat.IdentityOf(result);
            if (sequence > furthest.Sequence)
                furthest = new TopicRecord(sequence, eventId) { Position = result.Offset };
        }

        consumer.Unassign();
        tails[key] = (position, furthest);
        return furthest;
    }

    private IConsumer<byte[], byte[]> BuildConsumer() => new ConsumerBuilder<byte[], byte[]>(settings.Inspector())
        .SetLogHandler((_, _) => { })
        .SetErrorHandler((_, _) => { })
        .Build();

    private static Dictionary<int, WatermarkOffsets> Bounds(
        IConsumer<byte[], byte[]> consumer, string topic, IReadOnlyCollection<int> partitions) =>
        NonEmpty(Watermarks(consumer, topic, partitions));

    private static Dictionary<int, WatermarkOffsets> NonEmpty(Dictionary<int, WatermarkOffsets> all) =>
        all.Where(entry => entry.Value.High.Value > entry.Value.Low.Value).ToDictionary();

    private static Dictionary<int, WatermarkOffsets> Watermarks(
        IConsumer<byte[], byte[]> consumer, string topic, IReadOnlyCollection<int> partitions) =>
        partitions.ToDictionary(
            partition => partition, partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), RequestTimeout));

    private static Dictionary<int, long> LastOf(Dictionary<int, WatermarkOffsets> bounds) =>
        bounds.ToDictionary(entry => entry.Key, entry => entry.Value.High.Value - 1);

    // At the position of a transaction marker, which no relay writes, there is no record.
    private static Dictionary<int, TopicRecord> ReadAt(
        IConsumer<byte[], byte[]> consumer, string topic, IReadOnlyDictionary<int, long> positions, CancellationToken cancellation)
    {
        var found = positions.ToDictionary(entry => entry.Key, entry => new TopicRecord(null, null) { Position = entry.Value });
        FirstRecords.Read(
            consumer,
            [.. positions.Select(entry => new TopicPartitionOffset(topic, entry.Key, entry.Value))],
            result =>
            {
                var (sequence, eventId) = RecordFormat.IdentityOf(result);
                found[result.Partition] = new TopicRecord(sequence, eventId) { Position = result.Offset };
                return true;
            },
            RequestTimeout,
            $"The first or last records of {topic} could not be read.",
            cancellation);
        return found;
    }
}
