using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Relaying;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// An idempotent producer for one topic. After the first failure it takes nothing more: what follows a lost record must not reach the topic. Disposing it does not flush.
/// </summary>
internal sealed partial class KafkaProducer : IRelayProducer
{
    private readonly string topic;
    private readonly Action<LogRecord> acknowledged;
    private readonly Action<string> failed;
    private readonly ILogger logger;
    private readonly IProducer<byte[], byte[]> producer;
    private volatile bool broken;

    public KafkaProducer(KafkaSettings settings, string topic, Action<LogRecord> acknowledged, Action<string> failed, ILogger logger)
    {
        this.topic = topic;
        this.acknowledged = acknowledged;
        this.failed = failed;
        this.logger = logger;
        producer = new ProducerBuilder<byte[], byte[]>(settings.Producer())
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => ClientSays(topic, message.Message))
            .Build();
    }

    public void Produce(LogRecord record)
    {
        if (broken)
            return;
        try
        {
            producer.Produce(new TopicPartition(topic, record.Partition), RecordFormat.MessageOf(record), report => OnDelivered(record, report.Error));
        }
        catch (KafkaException exception)
        {
            Break(exception.Error);
        }
    }

    public void Dispose() => producer.Dispose();

    private void OnDelivered(LogRecord record, Error error)
    {
        if (error.IsError)
            Break(error);
        else
            acknowledged(record);
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
            Break(error);
        else
            ClientSays(topic, error.Reason);
    }

    private void Break(Error error)
    {
        if (broken)
            return;
        broken = true;
        failed($"Kafka did not take a record of {topic}: {error.Reason}");
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Producer of {Topic}: {Text}")]
    private partial void ClientSays(string topic, string text);
}
