using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>A channel between hosts over a topic of one partition, which all channels share: a record's key is the channel. Its records are kept for an hour, for whoever wants to look at them.</summary>
internal sealed partial class TopicChannel(KafkaSettings settings, KafkaAdmin admin, string name, ILogger logger) : IHostChannel
{
    public const string Topic = "monolith.hosts";

    private readonly string self = Guid.NewGuid().ToString("N");
    private readonly byte[] key = Encoding.UTF8.GetBytes(name);
    private IProducer<byte[], byte[]>? producer;

    public async Task TellAsync(string message, CancellationToken cancellation)
    {
        // It may not have begun yet, or be interrupted: messages may be lost.
        if (Volatile.Read(ref producer) is not { } telling)
            return;
        await telling.ProduceAsync(Topic, new Message<byte[], byte[]> { Key = key, Value = Encoding.UTF8.GetBytes($"{self} {message}") }, cancellation);
    }

    public Task HearAsync(Action<string> heard, CancellationToken stopping) => RetryLoop.RunAsync(token => ListenAsync(heard, token), exception => Interrupted(Topic, exception.Message), stopping);

    private async Task ListenAsync(Action<string> heard, CancellationToken stopping)
    {
        if (await admin.DescribeAsync(Topic).WaitAsync(stopping) is null)
        {
            await admin.CreateAsync(
                new TopicSpecification { Name = Topic, NumPartitions = 1, Configs = new Dictionary<string, string> { ["retention.ms"] = "3600000", ["cleanup.policy"] = "delete" } },
                stopping);
        }

        // The client blocks.
        await Task.Factory.StartNew(() => Listen(heard, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Listen(Action<string> heard, CancellationToken stopping)
    {
        using var telling = new ProducerBuilder<byte[], byte[]>(settings.Teller())
            .SetErrorHandler((_, error) => ClientSays(name, error.Reason))
            .SetLogHandler((_, message) => ClientSays(name, message.Message))
            .Build();
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var hearing = new ConsumerBuilder<byte[], byte[]>(settings.Hearer($"{Topic}.{self}"))
            .SetErrorHandler((_, error) =>
            {
                ClientSays(name, error.Reason);
                // The client would wait for ever for a topic that was deleted.
                if (error.Code == ErrorCode.UnknownTopicOrPart)
                    listening.Cancel();
            })
            .SetLogHandler((_, message) => ClientSays(name, message.Message))
            .Build();
        hearing.Assign(new TopicPartitionOffset(Topic, 0, Offset.End));
        Volatile.Write(ref producer, telling);
        try
        {
            while (true)
            {
                var record = hearing.Consume(listening.Token).Message;
                if (record.Key.AsSpan().SequenceEqual(key) && Encoding.UTF8.GetString(record.Value).Split(' ', 2) is [var sender, var message] && sender != self)
                    heard(message);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "What hosts tell each other by {Topic} is interrupted: {Reason}")]
    private partial void Interrupted(string topic, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Channel {Name}: {Text}")]
    private partial void ClientSays(string name, string text);
}
