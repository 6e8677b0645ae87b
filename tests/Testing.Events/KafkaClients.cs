using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.LocalServers;

namespace Monolith.Testing.Events;

/// <summary>The Kafka transport of a host, and independent clients that read and write its topics.</summary>
internal sealed class KafkaClients : IDisposable
{
    private readonly string servers;

    public KafkaClients(KafkaBroker broker)
    {
        servers = broker.BootstrapServers;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Kafka:BootstrapServers", servers)]).Build();
        Settings = new KafkaSettings(configuration);
        Admin = new KafkaAdmin(Settings);
        Topics = new KafkaTopics(Settings, Admin, NullLogger<KafkaTopics>.Instance);
        Beginnings = new TopicBeginnings(Admin, Topics, new LocalLogs([], Topics, Admin));
        Transport = TransportBy(Settings);
        Impatient = TransportBy(new KafkaSettings(configuration) { PauseAfter = TimeSpan.Zero });
    }

    public KafkaSettings Settings { get; }

    public KafkaAdmin Admin { get; }

    public KafkaTopics Topics { get; }

    public TopicBeginnings Beginnings { get; }

    public KafkaTransport Transport { get; }

    /// <summary>A transport whose readers pause as soon as their consumer stops reading.</summary>
    public KafkaTransport Impatient { get; }

    public Task CreateTopicAsync(string topic, int partitions, params (string Name, string Value)[] settings) =>
        DoAsync(cluster => cluster.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic,
                NumPartitions = partitions,
                ReplicationFactor = 1,
                Configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
            }
        ]));

    public Task DeleteTopicAsync(string topic) => DoAsync(cluster => cluster.DeleteTopicsAsync([topic]));

    /// <summary>Sets a setting of a topic.</summary>
    public Task SetAsync(string topic, string name, string value) => DoAsync(cluster => cluster.IncrementalAlterConfigsAsync(new()
    {
        [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
            [new ConfigEntry { Name = name, Value = value, IncrementalOperation = AlterConfigOpType.Set }],
    }));

    /// <summary>Gives a topic more partitions.</summary>
    public Task GrowAsync(string topic, int partitions) =>
        DoAsync(cluster => cluster.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = partitions }]));

    /// <summary>Deletes the records of a partition below an offset, or all of them.</summary>
    public Task DeleteRecordsAsync(string topic, int partition, Offset below) =>
        DoAsync(cluster => cluster.DeleteRecordsAsync([new TopicPartitionOffset(topic, partition, below)]));

    /// <summary>Writes a record as a foreign producer.</summary>
    public async Task ProduceAsync(string topic, int partition, Message<byte[], byte[]> message)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = servers }).Build();
        await producer.ProduceAsync(new TopicPartition(topic, partition), message);
    }

    /// <summary>A record that belongs to no log.</summary>
    public static Message<byte[], byte[]> Foreign() =>
        new() { Key = Encoding.UTF8.GetBytes("stranger"), Value = Encoding.UTF8.GetBytes("hello") };

    /// <summary>All records of a topic, by partition, in order.</summary>
    public List<LogRecord>[] ReadAll(string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = servers, GroupId = "stranger", EnableAutoCommit = false })
            .Build();
        var found = Enumerable.Range(0, partitions).Select(_ => new List<LogRecord>()).ToArray();
        var left = 0L;
        for (var partition = 0; partition < partitions; partition++)
            left += consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), TimeSpan.FromSeconds(10)).High.Value;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        while (left > 0)
        {
            var result =
                consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException($"{left} records of {topic} did not come.");
            left--;
            if (RecordFormat.RecordOf(result, out _) is { } record)
                found[result.Partition].Add(record);
        }

        return found;
    }

    public void Dispose() => Admin.Dispose();

    private KafkaTransport TransportBy(KafkaSettings settings) =>
        new(settings, Admin, new LocalLogs([], Topics, Admin), Beginnings, NullLogger<KafkaTransport>.Instance);

    private Task DoAsync(Func<IAdminClient, Task> what) => Admin.RequestAsync(async cluster =>
    {
        await what(cluster);
        return true;
    });
}
