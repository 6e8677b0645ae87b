using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// A channel between hosts over a topic of one partition, which all channels share: the key of a record is the name of its channel. Records
/// are kept for an hour, for diagnosis.
/// </summary>
internal sealed partial class TopicChannel(KafkaSettings settings, KafkaAdmin admin, string name, ILogger logger) : IHostChannel
{
    public const string Topic = "monolith.hosts";

    private readonly string self = Guid.NewGuid().ToString("N");
    private readonly byte[] key = Encoding.UTF8.GetBytes(name);
    private IProducer<byte[], byte[]>? producer;

    public async Task PublishAsync(string message, CancellationToken cancellation)
    {
        // Null before the subscription has started and while it is interrupted. The message is lost then.
        if (Volatile.Read(ref producer) is not { } current)
            return;
        var record = new Message<byte[], byte[]> { Key = key, Value = Encoding.UTF8.GetBytes($"{self} {message}") };
        await current.ProduceAsync(Topic, record, cancellation);
    }

    public Task SubscribeAsync(Action<string> received, CancellationToken stopping) =>
        RetryLoop.RunAsync(token => ListenAsync(received, token), exception => Interrupted(Topic, exception.Message), stopping);

    private async Task ListenAsync(Action<string> received, CancellationToken stopping)
    {
        if (await admin.DescribeAsync(Topic).WaitAsync(stopping) is null)
        {
            var topic = new TopicSpecification
            {
                Name = Topic,
                NumPartitions = 1,
                Configs = new Dictionary<string, string> { ["retention.ms"] = "3600000", ["cleanup.policy"] = "delete" },
            };
            await admin.CreateAsync(topic, stopping);
        }

        // The client library blocks.
        await Task.Factory.StartNew(
            () => Listen(received, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Listen(Action<string> received, CancellationToken stopping)
    {
        using var sender = new ProducerBuilder<byte[], byte[]>(settings.ChannelProducer())
            .SetErrorHandler((_, error) => ClientLogged(name, error.Reason))
            .SetLogHandler((_, message) => ClientLogged(name, message.Message))
            .Build();
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings.ChannelConsumer($"{Topic}.{self}"))
            .SetErrorHandler((_, error) =>
            {
                ClientLogged(name, error.Reason);
                // The client would wait forever for a topic that was deleted.
                if (error.Code == ErrorCode.UnknownTopicOrPart)
                    listening.Cancel();
            })
            .SetLogHandler((_, message) => ClientLogged(name, message.Message))
            .Build();
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.End));
        Volatile.Write(ref producer, sender);
        try
        {
            while (true)
            {
                var record = consumer.Consume(listening.Token).Message;
                if (!record.Key.AsSpan().SequenceEqual(key))
                    continue;
                if (Encoding.UTF8.GetString(record.Value).Split(' ', 2) is [var origin, var message] && origin != self)
                    received(message);
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new KafkaException(ErrorCode.UnknownTopicOrPart);
        }
        finally
        {
            Volatile.Write(ref producer, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages between hosts over {Topic} are interrupted: {Reason}")]
    private partial void Interrupted(string topic, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Channel {Name}: {Text}")]
    private partial void ClientLogged(string name, string text);
}
