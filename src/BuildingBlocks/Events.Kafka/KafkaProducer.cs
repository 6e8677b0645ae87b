using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Relaying;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// An idempotent producer for one topic. After the first failure it accepts no more records, because no record may follow a lost one.
/// Disposing it does not flush.
/// </summary>
internal sealed partial class KafkaProducer : IRelayProducer
{
    private readonly string topic;
    private readonly Action<LogRecord> acknowledged;
    private readonly Action<string> failed;
    private readonly ILogger logger;
    private readonly IProducer<byte[], byte[]> producer;
    private volatile bool hasFailed;

    public KafkaProducer(KafkaSettings settings, string topic, Action<LogRecord> acknowledged, Action<string> failed, ILogger logger)
    {
        this.topic = topic;
        this.acknowledged = acknowledged;
        this.failed = failed;
        this.logger = logger;
        producer = new ProducerBuilder<byte[], byte[]>(settings.Producer())
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => ClientLogged(topic, message.Message))
            .Build();
    }

    public void Produce(LogRecord record)
    {
        if (hasFailed)
            return;
        try
        {
            var partition = new TopicPartition(topic, record.Partition);
            producer.Produce(partition, RecordFormat.MessageOf(record), report => OnDelivered(record, report.Error));
        }
        catch (KafkaException exception)
        {
            Fail(exception.Error);
        }
    }

    public void Dispose() => producer.Dispose();

    private void OnDelivered(LogRecord record, Error error)
    {
        if (error.IsError)
            Fail(error);
        else
            acknowledged(record);
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
            Fail(error);
        else
            ClientLogged(topic, error.Reason);
    }

    private void Fail(Error error)
    {
        if (hasFailed)
            return;
        hasFailed = true;
        failed($"Kafka rejected a record of {topic}: {error.Reason}");
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Producer of {Topic}: {Text}")]
    private partial void ClientLogged(string topic, string text);
}
