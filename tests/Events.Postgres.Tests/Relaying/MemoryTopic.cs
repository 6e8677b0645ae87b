using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Relaying;

namespace Monolith.Events.Postgres.Tests.Relaying;

/// <summary>An in-memory topic with rare faults: a lost record, recreation, no beginning.</summary>
internal sealed class MemoryTopic(int partitions) : IRelayTarget
{
    private readonly Lock gate = new();

    /// <summary>The records by partition, in the order of the topic.</summary>
    public List<LogRecord>[] Records { get; private set; } = NewRecords(partitions);

    public string Id { get; private set; } = "topic-1";

    public int Sessions { get; private set; }

    /// <summary>The number of checks whether the topic is still the same.</summary>
    public int Checks { get; private set; }

    /// <summary>Selects the record that is lost; later records of its producer are lost too.</summary>
    public Func<LogRecord, bool> Loses { get; set; } = _ => false;

    public int Count
    {
        get
        {
            lock (gate)
                return Records.Sum(records => records.Count);
        }
    }

    public void MakeAnew()
    {
        lock (gate)
            (Records, Id) = (NewRecords(partitions), Id + "+");
    }

    /// <summary>Whether a broker is not ready, so that a session cannot start.</summary>
    public bool IsWaiting { get; set; }

    public async Task<string> EnsureTopicAsync(string topic, int partitionsOfLog, CancellationToken cancellation)
    {
        if (IsWaiting)
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        return Id;
    }

    public Task<bool> IsSameTopicAsync(string topic, string topicId, int partitionsOfLog, CancellationToken cancellation)
    {
        Checks++;
        return Task.FromResult(Id == topicId);
    }

    public Task<IReadOnlyDictionary<int, TopicRange>> RangesAsync(
        string topic, IReadOnlyCollection<int> wanted, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyDictionary<int, TopicRange>>(
                wanted.Where(partition => Records[partition].Count > 0).ToDictionary(
                    partition => partition, partition => new TopicRange(Place(Records[partition][0]), Place(Records[partition][^1]))));
        }
    }

    public async Task<IReadOnlyDictionary<int, TopicRecord>> LastRecordsAsync(
        string topic, IReadOnlyCollection<int> wanted, CancellationToken cancellation) =>
        (await RangesAsync(topic, wanted, cancellation)).ToDictionary(ends => ends.Key, ends => ends.Value.Last);

    public IRelayProducer OpenProducer(string topic, Action<LogRecord> acknowledged, Action<string> failed)
    {
        Sessions++;
        return new Producer(this, acknowledged, failed);
    }

    private static TopicRecord Place(LogRecord record) => new(record.Offset, record.EventId);

    private static List<LogRecord>[] NewRecords(int partitions) => [.. Enumerable.Range(0, partitions).Select(_ => new List<LogRecord>())];

    private sealed class Producer(MemoryTopic topic, Action<LogRecord> acknowledged, Action<string> failed) : IRelayProducer
    {
        private bool broken;

        public void Produce(LogRecord record)
        {
            if (broken)
                return;
            if (topic.Loses(record))
            {
                broken = true;
                failed("the topic did not take it");
                return;
            }

            lock (topic.gate)
                topic.Records[record.Partition].Add(record);
            acknowledged(record);
        }

        public void Dispose() => broken = true;
    }
}
