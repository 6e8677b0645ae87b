using System.Diagnostics;
using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Reads all partitions of topics from places of their logs, outside any group: partitions are assigned by hand, nothing is ever committed. Where a topic was deleted and made again, it goes on in the new one
/// by log offset. The client blocks, so that it has a thread of its own.
/// </summary>
internal sealed partial class KafkaFollower : IAsyncDisposable
{
    private const int ChunksAhead = 8;
    private const int MostOfChunk = 1_000;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckTopicsEvery = TimeSpan.FromSeconds(2);

    /// <summary>Without a broker the client may take long to end; its thread ends it, and nothing waits for that.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMilliseconds(500);

    private readonly Channel<IReadOnlyList<LogRecord>> records = Channel.CreateBounded<IReadOnlyList<LogRecord>>(ChunksAhead);
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<LogPartition, FollowedPartition> partitions;
    private readonly string name = $"monolith.stream.{Guid.NewGuid():N}";
    private readonly KafkaSettings settings;
    private readonly KafkaAdmin admin;
    private readonly ILogger logger;
    private readonly Dictionary<string, string> sources = [];
    private readonly string[] logs;
    private Task<(string Log, string? Source)[]>? looking;
    private long lookedAt;

    public KafkaFollower(KafkaSettings settings, KafkaAdmin admin, IReadOnlyDictionary<LogPartition, long> from, ILogger logger)
    {
        this.settings = settings;
        this.admin = admin;
        this.logger = logger;
        partitions = from.ToDictionary(place => place.Key, place => new FollowedPartition(place.Value, TimeProvider.System));
        logs = [.. partitions.Keys.Select(partition => partition.Log).Distinct()];
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>What was read; completes with the follower, with the exception that ended it.</summary>
    public ChannelReader<IReadOnlyList<LogRecord>> Records => records.Reader;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await ended.Task.WaitAsync(EndsWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Run()
    {
        var failure = default(Exception);
        try
        {
            using var consumer = new ConsumerBuilder<Ignore, byte[]>(settings.Follower(name))
                .SetErrorHandler((_, error) => ClientSays(name, error.Reason))
                .SetLogHandler((_, message) => ClientSays(name, message.Message))
                .Build();
            while (!stopping.IsCancellationRequested)
            {
                // The ids before the reading: a topic that is replaced from here on has another.
                CheckTopics(consumer);
                Write(Poll(consumer));
                LookAgain(consumer);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        records.Writer.TryComplete(failure);
        ended.TrySetResult();
    }

    /// <summary>
    /// A topic that was deleted and made again is not reported by the client: its id tells. Positions of the old one mean nothing in it, so that it is read from where the log offsets may be. A topic that
    /// cannot be looked at now holds up no other one.
    /// </summary>
    private void CheckTopics(IConsumer<Ignore, byte[]> consumer)
    {
        if (looking is null && (lookedAt == 0 || Stopwatch.GetElapsedTime(lookedAt) >= (sources.Count < logs.Length ? Retry : CheckTopicsEvery)))
            looking = Task.WhenAll(logs.Select(SourceOrNothingAsync));
        if (looking is not { IsCompleted: true })
            return;
        foreach (var (log, source) in looking.GetAwaiter().GetResult())
        {
            if (source is not null && sources.GetValueOrDefault(log) != source)
                ReadIn(consumer, log, source);
        }

        looking = null;
        lookedAt = Stopwatch.GetTimestamp();
    }

    private void ReadIn(IConsumer<Ignore, byte[]> consumer, string log, string source)
    {
        LogPartition[] ofLog = [.. partitions.Keys.Where(partition => partition.Log == log)];
        try
        {
            TopicPartitionOffset[] places = [.. ofLog.Select(partition => PlaceOf(consumer, partition, partitions[partition].Next))];
            if (consumer.Assignment.Where(at => at.Topic == log).ToArray() is { Length: > 0 } assigned)
                consumer.IncrementalUnassign(assigned);
            consumer.IncrementalAssign(places);
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            // The broker is away, or does not serve the topic yet: the next look tries again.
            ClientSays(name, exception.Error.Reason);
            return;
        }

        foreach (var partition in ofLog)
            partitions[partition].StartOver();
        if (sources.ContainsKey(log))
            TopicReplaced(name, log);
        sources[log] = source;
    }

    /// <summary>Null where it is not known now: the brokers are away, or the owner of the topic has not made it yet.</summary>
    private async Task<(string Log, string? Source)> SourceOrNothingAsync(string log)
    {
        try
        {
            return (log, await admin.SourceOfAsync(log));
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            ClientSays(name, exception.Error.Reason);
            return (log, null);
        }
    }

    /// <summary>
    /// Where to read from. In a topic that was filled from offset 0 and only ever repeats, a record stands at or behind the position of its own log offset; and what the log has beyond the topic comes at its end.
    /// </summary>
    private static TopicPartitionOffset PlaceOf(IConsumer<Ignore, byte[]> consumer, LogPartition partition, long next)
    {
        var at = new TopicPartition(partition.Log, partition.Partition);
        return new TopicPartitionOffset(at, next == 0 ? Offset.Beginning : new Offset(Math.Min(next, consumer.QueryWatermarkOffsets(at, WaitTimeout).High.Value)));
    }

    /// <summary>The client may lose a seek: what is still missing is looked for again, whether or not further records come.</summary>
    private void LookAgain(IConsumer<Ignore, byte[]> consumer)
    {
        foreach (var (partition, followed) in partitions)
        {
            if (!followed.IsDue())
                continue;
            try
            {
                consumer.Seek(new TopicPartitionOffset(partition.Log, partition.Partition, Offset.Beginning));
                followed.LookedAgain();
            }
            catch (KafkaException exception) when (!exception.Error.IsFatal)
            {
                // Not fetching yet: the next turn tries again.
                ClientSays(name, exception.Error.Reason);
            }
        }
    }

    private List<LogRecord> Poll(IConsumer<Ignore, byte[]> consumer)
    {
        var chunk = new List<LogRecord>();
        try
        {
            var result = consumer.Consume(Wait);
            while (result is not null)
            {
                Take(consumer, result, chunk);
                result = chunk.Count < MostOfChunk ? consumer.Consume(TimeSpan.Zero) : null;
            }
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            ClientSays(name, exception.Error.Reason);
        }

        return chunk;
    }

    private void Take(IConsumer<Ignore, byte[]> consumer, ConsumeResult<Ignore, byte[]> result, List<LogRecord> into)
    {
        if (RecordFormat.RecordOf(result, out _) is not { } record)
            return;
        switch (partitions[new LogPartition(record.Log, record.Partition)].Judge(record.Offset))
        {
            case FollowedPartition.Verdict.Next:
                into.Add(record);
                break;
            case FollowedPartition.Verdict.LookFromTheStart:
                consumer.Seek(new TopicPartitionOffset(result.TopicPartition, Offset.Beginning));
                break;
        }
    }

    private void Write(List<LogRecord> chunk)
    {
        if (chunk.Count > 0)
            records.Writer.WriteAsync(chunk, stopping.Token).AsTask().GetAwaiter().GetResult();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name}: the topic {Log} was deleted and recreated. Reading continues in the new topic.")]
    private partial void TopicReplaced(string name, string log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Consumer {Name}: {Text}")]
    private partial void ClientSays(string name, string text);
}
