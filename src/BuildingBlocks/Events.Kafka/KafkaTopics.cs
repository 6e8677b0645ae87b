using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Relaying;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Topics as the relay needs them: made with all partitions and kept for ever, checked, looked into, written to.</summary>
internal sealed class KafkaTopics(KafkaSettings settings, KafkaAdmin admin, ILogger<KafkaTopics> logger) : IRelayTarget
{
    /// <summary>Of each step of a look at a topic; all of them together must be done before a lease runs out.</summary>
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How far back a stale relay's repeats may reach: what it may have had under way, and then some.</summary>
    private const int MostRepeats = 25_000;

    private static readonly TimeSpan LookForLeadersEvery = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, string> checkedTopics = new();

    /// <summary>By topic id and partition: how far its tail was read, and the furthest event up to there.</summary>
    private readonly ConcurrentDictionary<string, (long End, TopicRecord Furthest)> tails = new();

    /// <summary>How long a topic may be without a leader of each partition; a broker that starts needs seconds.</summary>
    public TimeSpan LedWithin { get; init; } = TimeSpan.FromSeconds(30);

    public async Task<string> EnsureTopicAsync(string topic, int partitions, CancellationToken cancellation)
    {
        var description = await admin.DescribeAsync(topic).WaitAsync(cancellation);
        if (description is null)
            await CreateAsync(topic, partitions, cancellation);
        if (description is null || checkedTopics.GetValueOrDefault(topic) != description.TopicId.ToString())
            description = await LedAsync(topic, cancellation);

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

    public async Task<bool> IsStillAsync(string topic, string topicId, int partitions, CancellationToken cancellation)
    {
        if (await admin.DescribeAsync(topic).WaitAsync(cancellation) is not { } description || description.TopicId.ToString() != topicId)
            return false;
        return TopicRules.PartitionFaultOf(topic, description.Partitions.Count, partitions) is { } fault ? throw new WrongTopicException(fault) : true;
    }

    public Task<IReadOnlyDictionary<int, TopicRange>> EndsAsync(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicRange>>(() => Ends(topic, partitions, cancellation), cancellation);

    public Task<IReadOnlyDictionary<int, TopicRecord>> LastAsync(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicRecord>>(() => Last(topic, partitions, cancellation), cancellation);

    /// <summary>The furthest event of each partition of a topic. It need not be the last record: a relay that lost its lease may have repeated what stood there already.</summary>
    /// <returns>One entry a partition that holds records, or held some: of one whose records were all deleted, the place before the next one, without an event.</returns>
    public Task<IReadOnlyDictionary<int, TopicRecord>> FurthestAsync(TopicDescription topic, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<int, TopicRecord>>(() => Furthest(topic, cancellation), cancellation);

    /// <summary>The record at a position of each of some partitions, or the next one behind it.</summary>
    /// <returns>One entry a partition; without a log offset where no record follows, or a foreign one does.</returns>
    public Task<Dictionary<int, TopicRecord>> AtAsync(string topic, IReadOnlyDictionary<int, long> positions, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var consumer = Looker();
            return Look(consumer, topic, positions, cancellation);
        },
        cancellation);

    public IRelayProducer Open(string topic, Action<LogRecord> acknowledged, Action<string> failed) =>
        new KafkaProducer(settings, topic, acknowledged, failed, logger);

    private Task CreateAsync(string topic, int partitions, CancellationToken cancellation) => admin.CreateAsync(
        new TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            Configs = TopicRules.Wanted.ToDictionary(),
        },
        cancellation);

    /// <summary>
    /// Waits until each partition has a leader that serves it: after a topic was made, brokers know its partitions before they lead them, and refuse reads and writes for a moment.
    /// </summary>
    /// <exception cref="KafkaException">A partition still has none after <see cref="LedWithin"/>.</exception>
    private async Task<TopicDescription> LedAsync(string topic, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var description = await admin.DescribeAsync(topic).WaitAsync(cancellation);
            var problem = description is null ? $"The topic {topic} was created, but the brokers do not list it yet." : await LeaderProblemAsync(description, cancellation);
            if (problem is null)
                return description!;
            if (Stopwatch.GetElapsedTime(since) > LedWithin)
                throw new KafkaException(new Error(ErrorCode.LeaderNotAvailable, problem));
            await Task.Delay(LookForLeadersEvery, cancellation);
        }
    }

    private async Task<string?> LeaderProblemAsync(TopicDescription topic, CancellationToken cancellation)
    {
        int[] leaderless = [.. LeaderlessOf(topic)];
        if (leaderless.Length > 0)
            return $"The topic {topic.Name} has no leader of the partitions {string.Join(", ", leaderless)}. A broker is down or still starting.";
        var served = await admin.BeginningsAsync([.. topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition))]).WaitAsync(cancellation);
        return served.FirstOrDefault(partition => partition.Error.IsError) is { } not
            ? $"The brokers do not serve the partition {not.Partition.Value} of the topic {topic.Name}: {not.Error.Reason}"
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

    private Dictionary<int, TopicRange> Ends(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        using var consumer = Looker();
        var bounds = Bounds(consumer, topic, partitions);
        var last = Look(consumer, topic, LastOf(bounds), cancellation);
        var first = Look(consumer, topic, bounds.ToDictionary(entry => entry.Key, entry => entry.Value.Low.Value), cancellation);
        return bounds.Keys.ToDictionary(partition => partition, partition => new TopicRange(first[partition], last[partition]));
    }

    private Dictionary<int, TopicRecord> Last(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        using var consumer = Looker();
        return Look(consumer, topic, LastOf(Bounds(consumer, topic, partitions)), cancellation);
    }

    private Dictionary<int, TopicRecord> Furthest(TopicDescription topic, CancellationToken cancellation)
    {
        using var consumer = Looker();
        var all = Watermarks(consumer, topic.Name, [.. Enumerable.Range(0, topic.Partitions.Count)]);
        var bounds = HoldingRecords(all);
        var furthest = Look(consumer, topic.Name, LastOf(bounds), cancellation);
        foreach (var (partition, bound) in bounds)
        {
            // Where nothing was ever repeated, as many records were written as the last one's offset says.
            if (furthest[partition].Sequence + 1 < bound.High.Value)
                furthest[partition] = FurthestOf(consumer, topic, partition, bound, cancellation);
        }

        // In a topic that was filled from offset 0 no record stands before the position of its own offset: none was higher than these.
        foreach (var (partition, emptied) in all.Where(entry => entry.Value.High.Value > 0 && !bounds.ContainsKey(entry.Key)))
            furthest[partition] = new TopicRecord(emptied.High.Value - 1, null) { Position = emptied.High.Value - 1 };
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
            var result = consumer.Consume(WaitTimeout) ?? throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"The end of {topic.Name}[{partition}] could not be read."));
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

    private static Dictionary<int, WatermarkOffsets> Bounds(IConsumer<byte[], byte[]> consumer, string topic, IReadOnlyCollection<int> partitions) =>
        HoldingRecords(Watermarks(consumer, topic, partitions));

    private static Dictionary<int, WatermarkOffsets> HoldingRecords(Dictionary<int, WatermarkOffsets> all) => all.Where(entry => entry.Value.High.Value > entry.Value.Low.Value).ToDictionary();

    private static Dictionary<int, WatermarkOffsets> Watermarks(IConsumer<byte[], byte[]> consumer, string topic, IReadOnlyCollection<int> partitions) =>
        partitions.ToDictionary(partition => partition, partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), WaitTimeout));

    private static Dictionary<int, long> LastOf(Dictionary<int, WatermarkOffsets> bounds) => bounds.ToDictionary(entry => entry.Key, entry => entry.Value.High.Value - 1);

    /// <summary>Reads one record of each partition. Where there is none, the place is a mark of a transaction: no relay writes such.</summary>
    private static Dictionary<int, TopicRecord> Look(IConsumer<byte[], byte[]> consumer, string topic, IReadOnlyDictionary<int, long> offsets, CancellationToken cancellation)
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
            WaitTimeout,
            $"The ends of {topic} could not be read.",
            cancellation);
        return found;
    }
}
