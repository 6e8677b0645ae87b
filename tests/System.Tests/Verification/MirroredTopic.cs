using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Monolith.System.Tests.Verification;

/// <summary>All records of a topic, read by a plain Kafka client.</summary>
internal sealed class MirroredTopic
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly string name;
    private readonly List<ConsumeResult<string, byte[]>> records;

    private MirroredTopic(string name, List<ConsumeResult<string, byte[]>> records)
    {
        this.name = name;
        this.records = records;
    }

    public static MirroredTopic Read(string bootstrapServers, string name, int partitions)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = "oracle",
                EnableAutoCommit = false,
                EnablePartitionEof = true,
            })
            .Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(name, partition, Offset.Beginning)));
        var records = new List<ConsumeResult<string, byte[]>>();
        // Not a count: a partition that grows during the read, by late repeats of a relay, reports its end more than once.
        var ended = new HashSet<int>();
        while (ended.Count < partitions)
        {
            var result = consumer.Consume(Timeout) ?? throw new TimeoutException($"The topic {name} cannot be read to its end offset.");
            if (result.IsPartitionEOF)
                ended.Add(result.Partition);
            else
                records.Add(result);
        }

        return new MirroredTopic(name, records);
    }

    /// <summary>
    /// By first occurrence of <c>ce_sequence</c> the records are the events of the log, in the same order, with the same bytes and all
    /// headers.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="inOrder">False if another writer may have interleaved: then the check covers only missing records.</param>
    public void ShouldMirror(WrittenLog log, bool inOrder = true)
    {
        var byPartition = log.Events.ToLookup(logged => logged.Partition);
        for (var partition = 0; partition < log.Counters.Count; partition++)
        {
            var first = records.Where(record => record.Partition == partition).DistinctBy(record => Header(record, "ce_sequence"))
                .OrderBy(record => inOrder ? 0 : long.Parse(Header(record, "ce_sequence")!, CultureInfo.InvariantCulture)).ToArray();
            var events = byPartition[partition].ToArray();
            first.Length.ShouldBe(events.Length, $"records of {name}[{partition}]");
            for (var i = 0; i < events.Length; i++)
                ShouldBe(first[i], events[i], log.Module);
        }
    }

    /// <summary>The records are in the partitions that a foreign producer with Kafka's own hash would choose.</summary>
    public async Task ShouldBePartitionedAsForeignersDoAsync(string bootstrapServers, string scratchTopic)
    {
        using var producer = new ProducerBuilder<string, Null>(
            new ProducerConfig { BootstrapServers = bootstrapServers, Partitioner = Confluent.Kafka.Partitioner.Murmur2 })
            .Build();
        var foreign = new Dictionary<string, int>();
        var keys = records.Select(record => record.Message.Key).Distinct().ToArray();
        foreach (
            var report in await Task.WhenAll(
                keys.Select(key => producer.ProduceAsync(scratchTopic, new Message<string, Null> { Key = key }))))
            foreign.Add(report.Key, report.Partition);
        records.Where(record => foreign[record.Message.Key] != record.Partition.Value).ShouldBeEmpty();
    }

    private void ShouldBe(ConsumeResult<string, byte[]> record, LoggedEvent logged, string module)
    {
        var what = $"{name}[{logged.Partition}] at {record.Offset}";
        Header(record, "ce_sequence").ShouldBe(logged.Offset.ToString(CultureInfo.InvariantCulture), what);
        record.Message.Key.ShouldBe(logged.Stream.ToString(), what);
        record.Message.Value.AsSpan()
            .SequenceEqual(Encoding.UTF8.GetBytes(logged.Data))
            .ShouldBeTrue($"the bytes of {what} are not those of the log");
        Header(record, "ce_specversion").ShouldBe("1.0", what);
        Header(record, "ce_id").ShouldBe(logged.Id.ToString(), what);
        Header(record, "ce_source").ShouldBe($"/{module}", what);
        Header(record, "ce_type").ShouldBe(logged.Type, what);
        Header(record, "ce_time").ShouldEndWith("Z", Case.Sensitive, what);
        DateTimeOffset.Parse(Header(record, "ce_time")!, CultureInfo.InvariantCulture).ShouldBe(logged.At, what);
        Header(record, "ce_subject").ShouldBe(logged.Stream.ToString(), what);
        Header(record, "ce_streamversion").ShouldBe(logged.Version.ToString(CultureInfo.InvariantCulture), what);
        Header(record, "ce_actor").ShouldBe(logged.Actor, what);
        Header(record, "ce_correlationid").ShouldBe(logged.Correlation.ToString(), what);
        Header(record, "ce_causationid").ShouldBe(logged.Causation?.ToString(), what);
        Header(record, "traceparent").ShouldBe(logged.Traceparent, what);
        Header(record, "content-type").ShouldBe("application/json", what);
    }

    private static string? Header(ConsumeResult<string, byte[]> record, string header) =>
        record.Message.Headers.TryGetLastBytes(header, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
