using System.Diagnostics;
using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Reads all partitions of topics from given log offsets, without a consumer group: partitions are assigned manually and nothing is
/// committed. If a topic is deleted and recreated, reading continues in the new topic by log offset. The client library blocks, so that the
/// follower has its own thread.
/// </summary>
internal sealed partial class KafkaFollower : IAsyncDisposable
{
    private const int ChunksAhead = 8;
    private const int MaxChunkSize = 1_000;

    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckTopicsInterval = TimeSpan.FromSeconds(2);

    /// <summary>Without a broker the client may take longer to close. Its thread closes it, and nothing waits for that.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(500);

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
    private Task<(string Log, string? Source)[]>? check;
    private long checkedAt;

    public KafkaFollower(KafkaSettings settings, KafkaAdmin admin, IReadOnlyDictionary<LogPartition, long> from, ILogger logger)
    {
        this.settings = settings;
        this.admin = admin;
        this.logger = logger;
        partitions = from.ToDictionary(start => start.Key, start => new FollowedPartition(start.Value, TimeProvider.System));
        logs = [.. partitions.Keys.Select(partition => partition.Log).Distinct()];
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>The records. The channel completes with the follower, with the exception that ended it.</summary>
    public ChannelReader<IReadOnlyList<LogRecord>> Records => records.Reader;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await ended.Task.WaitAsync(CloseTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Run()
    {
        var failure = default(Exception);
        try
        {
            using var consumer = new ConsumerBuilder<Ignore, byte[]>(settings.Follower(name))
                .SetErrorHandler((_, error) => ClientLogged(name, error.Reason))
                .SetLogHandler((_, message) => ClientLogged(name, message.Message))
                .Build();
            while (!stopping.IsCancellationRequested)
            {
                // Before the poll: a topic that is replaced later has another id.
                CheckTopics(consumer);
                Write(Poll(consumer));
                ReadMissingAgain(consumer);
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

    // The client does not report that a topic was deleted and recreated; the topic id shows it. Positions of the old topic are meaningless
    // in the new one. A topic that cannot be checked at the moment does not delay the others.
    private void CheckTopics(IConsumer<Ignore, byte[]> consumer)
    {
        var interval = sources.Count < logs.Length ? RetryInterval : CheckTopicsInterval;
        if (check is null && (checkedAt == 0 || Stopwatch.GetElapsedTime(checkedAt) >= interval))
            check = Task.WhenAll(logs.Select(TryReadSourceAsync));
        if (check is not { IsCompleted: true })
            return;
        foreach (var (log, source) in check.GetAwaiter().GetResult())
        {
            if (source is not null && sources.GetValueOrDefault(log) != source)
                StartReading(consumer, log, source);
        }

        check = null;
        checkedAt = Stopwatch.GetTimestamp();
    }

    private void StartReading(IConsumer<Ignore, byte[]> consumer, string log, string source)
    {
        LogPartition[] ofLog = [.. partitions.Keys.Where(partition => partition.Log == log)];
        try
        {
            TopicPartitionOffset[] offsets = [.. ofLog.Select(partition => StartOf(consumer, partition, partitions[partition].Next))];
            if (consumer.Assignment.Where(at => at.Topic == log).ToArray() is { Length: > 0 } assigned)
                consumer.IncrementalUnassign(assigned);
            consumer.IncrementalAssign(offsets);
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            // The broker is unavailable, or does not serve the topic yet. The next check tries again.
            ClientLogged(name, exception.Error.Reason);
            return;
        }

        foreach (var partition in ofLog)
            partitions[partition].TopicReplaced();
        if (sources.ContainsKey(log))
            TopicReplaced(name, log);
        sources[log] = source;
    }

    // Null if the brokers are unavailable, or the topic has not been created yet.
    private async Task<(string Log, string? Source)> TryReadSourceAsync(string log)
    {
        try
        {
            return (log, await admin.SourceOfAsync(log));
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            ClientLogged(name, exception.Error.Reason);
            return (log, null);
        }
    }

    // A topic is filled from offset 0 and may contain duplicates, so that the position of a record is at or after its log offset. Events
    // that the topic does not have yet are written at its end.
    private static TopicPartitionOffset StartOf(IConsumer<Ignore, byte[]> consumer, LogPartition partition, long next)
    {
        var at = new TopicPartition(partition.Log, partition.Partition);
        if (next == 0)
            return new TopicPartitionOffset(at, Offset.Beginning);
        var end = consumer.QueryWatermarkOffsets(at, RequestTimeout).High.Value;
        return new TopicPartitionOffset(at, new Offset(Math.Min(next, end)));
    }

    // The client may lose a seek. Missing records are read again, even if no further records come.
    private void ReadMissingAgain(IConsumer<Ignore, byte[]> consumer)
    {
        foreach (var (partition, followed) in partitions)
        {
            if (!followed.MustReadAgain())
                continue;
            try
            {
                consumer.Seek(new TopicPartitionOffset(partition.Log, partition.Partition, Offset.Beginning));
                followed.NoteReadAgain();
            }
            catch (KafkaException exception) when (!exception.Error.IsFatal)
            {
                // The client does not fetch from the partition yet. The next iteration tries again.
                ClientLogged(name, exception.Error.Reason);
            }
        }
    }

    private List<LogRecord> Poll(IConsumer<Ignore, byte[]> consumer)
    {
        var chunk = new List<LogRecord>();
        try
        {
            var result = consumer.Consume(PollTimeout);
            while (result is not null)
            {
                AddNext(consumer, result, chunk);
                result = chunk.Count < MaxChunkSize ? consumer.Consume(TimeSpan.Zero) : null;
            }
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            ClientLogged(name, exception.Error.Reason);
        }

        return chunk;
    }

    private void AddNext(IConsumer<Ignore, byte[]> consumer, ConsumeResult<Ignore, byte[]> result, List<LogRecord> into)
    {
        if (RecordFormat.RecordOf(result, out _) is not { } record)
            return;
        switch (partitions[new LogPartition(record.Log, record.Partition)].Decide(record.Offset))
        {
            case FollowedPartition.Decision.Deliver:
                into.Add(record);
                break;
            case FollowedPartition.Decision.ReadFromBeginning:
                consumer.Seek(new TopicPartitionOffset(result.TopicPartition, Offset.Beginning));
                break;
        }
    }

    private void Write(List<LogRecord> chunk)
    {
        if (chunk.Count > 0)
            records.Writer.WriteAsync(chunk, stopping.Token).AsTask().GetAwaiter().GetResult();
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "{Name}: the topic {Log} was deleted and recreated. Reading continues in the new topic.")]
    private partial void TopicReplaced(string name, string log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Consumer {Name}: {Text}")]
    private partial void ClientLogged(string name, string text);
}
