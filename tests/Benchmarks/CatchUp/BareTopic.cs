using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>A topic as a hand-written program would use it: stream id as key, the event as value, type and offset as headers.</summary>
internal static class BareTopic
{
    private const string TypeHeader = "ce_type";
    private const string OffsetHeader = "ce_sequence";

    public static async Task<string> CreateAsync(string broker)
    {
        var name = $"bare.{Guid.NewGuid():N}";
        using var admin = Admin(broker);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = LogSeed.Partitions }]);
        return name;
    }

    public static async Task DeleteAsync(string broker, string topic)
    {
        using var admin = Admin(broker);
        await admin.DeleteTopicsAsync([topic]);
    }

    private static IAdminClient Admin(string broker) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker }).SetLogHandler((_, _) => { }).Build();

    /// <summary>Writes in order, with the durability of the host's producer.</summary>
    internal sealed class Writer(string broker, string topic) : IDisposable
    {
        private static readonly TimeSpan Room = TimeSpan.FromMilliseconds(5);

        private readonly IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = broker,
            EnableIdempotence = true,
            Acks = Acks.All,
            CompressionType = CompressionType.Lz4,
            LingerMs = 1,
        }).SetLogHandler((_, _) => { }).Build();

        private Error? failure;

        public void Write(BareRecord e)
        {
            var message = new Message<byte[], byte[]>
            {
                Key = Encoding.ASCII.GetBytes(e.StreamId.ToString()),
                Value = e.Data,
                Headers = new Headers
                {
                    { TypeHeader, Encoding.ASCII.GetBytes(e.Type) },
                    { OffsetHeader, Encoding.ASCII.GetBytes(e.Offset.ToString(CultureInfo.InvariantCulture)) },
                },
            };
            while (true)
            {
                try
                {
                    producer.Produce(new TopicPartition(topic, e.Partition), message, Delivered);
                    return;
                }
                catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
                {
                    producer.Poll(Room);
                }
            }
        }

        public void Finish()
        {
            producer.Flush();
            if (failure is not null)
                throw new KafkaException(failure);
        }

        public void Dispose() => producer.Dispose();

        private void Delivered(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
                failure = report.Error;
        }
    }

    /// <summary>Reads all partitions from the start.</summary>
    internal sealed class Reader : IDisposable
    {
        private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

        private readonly IConsumer<byte[], byte[]> consumer;

        public Reader(string broker, string topic)
        {
            consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
            {
                BootstrapServers = broker,
                GroupId = "bare",
                EnableAutoCommit = false,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                // As in the host: by default the client pauses fetching for a second when its queue is full, and a faster consumer waits.
                FetchQueueBackoffMs = 5,
            }).SetLogHandler((_, _) => { }).Build();
            consumer.Assign(
                Enumerable.Range(0, LogSeed.Partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        }

        /// <summary>The available records, at most a batch; waits for the first one.</summary>
        public List<BareRecord> EventBatch(int maxOfBatch)
        {
            var batch = new List<BareRecord>(maxOfBatch);
            while (batch.Count < maxOfBatch)
            {
                if (consumer.Consume(batch.Count == 0 ? Wait : TimeSpan.Zero) is { } result)
                    batch.Add(RecordOf(result));
                else if (batch.Count > 0)
                    break;
            }

            return batch;
        }

        public void Dispose() => consumer.Dispose();

        private static BareRecord RecordOf(ConsumeResult<byte[], byte[]> result)
        {
            var headers = result.Message.Headers;
            return Utf8Parser.TryParse(result.Message.Key, out Guid stream, out _)
                && Utf8Parser.TryParse(headers.GetLastBytes(OffsetHeader), out long offset, out _)
                ? new BareRecord(
                    result.Partition.Value,
                    offset,
                    stream,
                    Encoding.ASCII.GetString(headers.GetLastBytes(TypeHeader)),
                    result.Message.Value)
                : throw new InvalidOperationException("A record of the topic is none of ours.");
        }
    }
}
