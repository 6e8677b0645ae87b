using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Takes the partitions that the group gives over in the store, and again whenever that is needed: after a lost checkpoint, when a topic was made anew, when what was refused may pass. Each attempt is
/// bounded, so that the group is served meanwhile.
/// </summary>
internal sealed partial class PartitionAssignmentHandler(KafkaAdmin admin, LocalLogs localLogs, TopicBeginnings beginnings, Subscription subscription, ILogger logger, CancellationToken stopping)
{
    /// <summary>What trouble is told about.</summary>
    private const string Subject = "kafka";

    private static readonly TimeSpan AttemptAtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CheckTopicsEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<LostPartition> lost = new();
    private readonly HashSet<LogPartition> owned = [];
    private readonly HashSet<LogPartition> due = [];
    private readonly HashSet<LogPartition> refused = [];
    private readonly Dictionary<LogPartition, long> epochs = [];
    private readonly Dictionary<string, string> sources = [];
    private readonly List<Takeover> seeking = [];
    private readonly HashSet<LogPartition> told = [];
    private readonly PendingSeeks sought = new();
    private readonly Dictionary<LogPartition, DeletedRecords> deleted = [];
    private readonly Dictionary<string, IReadOnlyDictionary<int, DeletedRecords>> noticed = [];
    private long failedAt;
    private long checkedAt = Stopwatch.GetTimestamp();
    private bool troubled;

    /// <summary>Asks to take partitions anew; from any thread.</summary>
    public void Request(IEnumerable<LostPartition> partitions)
    {
        foreach (var partition in partitions)
            lost.Enqueue(partition);
    }

    /// <summary>
    /// Makes one bounded attempt for what the group has just given, and never throws into the client. What cannot be taken now is read from its beginning, without being told, until the loop has taken it:
    /// a seek that the client loses from there only repeats records, while one that it loses at the end loses them.
    /// </summary>
    public List<TopicPartitionOffset> Assigned(IReadOnlyCollection<LogPartition> partitions, Action<ReaderEvent> tell)
    {
        owned.UnionWith(partitions);
        due.UnionWith(partitions);
        Take(tell);
        var starts = new List<TopicPartitionOffset>(partitions.Count);
        foreach (var partition in partitions)
        {
            var taken = seeking.Find(takeover => takeover.Start.Partition == partition);
            starts.Add(taken is null ? new TopicPartitionOffset(partition.Log, partition.Partition, Offset.Beginning) : PlaceOf(taken.Start));
            if (taken is not null)
                Tell(taken, tell);
        }

        return starts;
    }

    public void Revoked(IReadOnlyCollection<LogPartition> partitions)
    {
        owned.ExceptWith(partitions);
        due.ExceptWith(partitions);
        refused.ExceptWith(partitions);
        seeking.RemoveAll(takeover => partitions.Contains(takeover.Start.Partition));
        told.ExceptWith(partitions);
        foreach (var partition in partitions)
        {
            sought.Forget(partition);
            deleted.Remove(partition);
        }
    }

    /// <summary>Whether what is read of a partition counts: it does not before the partition was taken, nor beyond the place where it was to be read from.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">Where the record stands, or the partition ends.</param>
    public bool Counts(LogPartition partition, long position) => (told.Count == owned.Count || told.Contains(partition)) && sought.Counts(partition, position);

    /// <summary>Says that something cannot be reached; it is over when the topics can be looked at again.</summary>
    public void NoteTrouble(string problem, Action<ReaderEvent> tell)
    {
        troubled = true;
        tell(new ReaderEvent.Trouble(Subject, problem));
    }

    /// <summary>Goes on with whatever is due.</summary>
    public void Continue(IConsumer<Ignore, byte[]> consumer, Action<ReaderEvent> tell)
    {
        while (lost.TryDequeue(out var partition))
        {
            // Taken anew since: taking it once more would only fence oneself.
            if (owned.Contains(partition.Partition) && epochs.GetValueOrDefault(partition.Partition) <= partition.Epoch)
                due.Add(partition.Partition);
        }

        CheckTopics(tell);
        NoticeDeleted(tell);
        if (due.Count > 0 && (failedAt == 0 || Stopwatch.GetElapsedTime(failedAt) >= Retry))
            Take(tell);
        Seek(consumer, tell);
        SeekAgain(consumer);
    }

    private void Take(Action<ReaderEvent> tell)
    {
        LogPartition[] partitions = [.. due];
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        bounded.CancelAfter(AttemptAtMost);
        try
        {
            foreach (var log in partitions.Select(partition => partition.Log).Distinct())
            {
                NoteSource(log, Wait(admin.SourceOfAsync(log), bounded.Token));
                LookAtBeginning(log, bounded.Token);
            }

            var refusals = Wait(localLogs.RefusalsAsync(partitions, bounded.Token), bounded.Token);
            var points = Wait(subscription.Take(partitions, bounded.Token), bounded.Token);

            due.ExceptWith(partitions);
            seeking.RemoveAll(takeover => partitions.Contains(takeover.Start.Partition));
            foreach (var point in points)
            {
                epochs[point.Partition] = point.Epoch;
                seeking.Add(new Takeover(point, refusals.GetValueOrDefault(point.Partition)));
            }

            failedAt = 0;
        }
        catch (Exception exception)
        {
            failedAt = Stopwatch.GetTimestamp();
            NoteTrouble($"Partitions cannot be taken over: {exception.Message}", tell);
        }
    }

    private void LookAtBeginning(string log, CancellationToken cancellation)
    {
        try
        {
            Wait(beginnings.LookAsync(log, cancellation), cancellation);
        }
        catch (KafkaException)
        {
            // A partition without a leader must not keep the others waiting; what is found out later is told then.
        }
    }

    private void Seek(IConsumer<Ignore, byte[]> consumer, Action<ReaderEvent> tell)
    {
        foreach (var takeover in seeking.ToArray())
        {
            try
            {
                consumer.Seek(PlaceOf(takeover.Start));
            }
            catch (KafkaException)
            {
                // Not fetching yet: the next turn tries again.
                continue;
            }

            Tell(takeover, tell);
        }
    }

    private void SeekAgain(IConsumer<Ignore, byte[]> consumer)
    {
        foreach (var place in sought.Missed)
        {
            try
            {
                consumer.Seek(place);
                sought.SoughtAgain(place);
                SeekLost(subscription.Group, place);
            }
            catch (KafkaException)
            {
                // The next turn tries again.
            }
        }
    }

    // At the record applied last, where its position still means something; else from the start: what was applied is skipped by its log offset.
    private TopicPartitionOffset PlaceOf(Checkpoint start)
    {
        var position = start.NextOffset > 0 && start.Source == sources[start.Partition.Log] ? new Offset(start.Position) : Offset.Beginning;
        return new TopicPartitionOffset(start.Partition.Log, start.Partition.Partition, position);
    }

    private void Tell(Takeover takeover, Action<ReaderEvent> tell)
    {
        var start = takeover.Start;
        seeking.Remove(takeover);
        told.Add(start.Partition);
        var missing = DeletedOf(start.Partition);
        sought.Expect(PlaceOf(start), missing?.FirstPosition ?? 0);
        tell(new ReaderEvent.Assigned([start], new Dictionary<string, string>(sources)));
        deleted.Remove(start.Partition);
        TellDeleted(start.Partition, missing, tell);
        if (takeover.Refusal is { } reason)
        {
            refused.Add(start.Partition);
            tell(new ReaderEvent.Refused(start.Partition, reason));
        }
        else
        {
            refused.Remove(start.Partition);
        }
    }

    /// <summary>Tells what was found out about the beginnings of topics since, be it for another reader.</summary>
    private void NoticeDeleted(Action<ReaderEvent> tell)
    {
        foreach (var log in subscription.Logs)
        {
            var now = beginnings.Of(log);
            if (noticed.GetValueOrDefault(log) == now)
                continue;
            noticed[log] = now;
            foreach (var partition in told.Where(partition => partition.Log == log))
                TellDeleted(partition, DeletedOf(partition), tell);
        }
    }

    // What was found in another incarnation of the topic says nothing about this one. When the takeover notices another, it takes the partitions again.
    private DeletedRecords? DeletedOf(LogPartition partition) =>
        beginnings.Of(partition.Log).GetValueOrDefault(partition.Partition) is { } records && records.Source == sources.GetValueOrDefault(partition.Log) ? records : null;

    private void TellDeleted(LogPartition partition, DeletedRecords? records, Action<ReaderEvent> tell)
    {
        if (deleted.GetValueOrDefault(partition) == records)
            return;
        if (records is null)
            deleted.Remove(partition);
        else
            deleted[partition] = records;
        tell(new ReaderEvent.Deleted(partition, records));
    }

    /// <summary>A topic that was deleted and made again is not reported by the client: its id tells.</summary>
    private void CheckTopics(Action<ReaderEvent> tell)
    {
        if (Stopwatch.GetElapsedTime(checkedAt) < (troubled ? Retry : CheckTopicsEvery))
            return;
        checkedAt = Stopwatch.GetTimestamp();
        try
        {
            foreach (var log in subscription.Logs)
                NoteSource(log, Wait(admin.SourceOfAsync(log), stopping));
            // Somebody may have mended it.
            due.UnionWith(refused);
            if (troubled && failedAt == 0)
            {
                troubled = false;
                tell(new ReaderEvent.Trouble(Subject, null));
            }
        }
        catch (KafkaException exception)
        {
            NoteTrouble($"Kafka: {exception.Error.Reason}", tell);
        }
    }

    private void NoteSource(string log, string source)
    {
        if (sources.TryGetValue(log, out var known) && known != source)
        {
            TopicReplaced(subscription.Group, log);
            due.UnionWith(owned.Where(partition => partition.Log == log));
        }

        sources[log] = source;
    }

    // The reader's thread has nothing else to do, and everything must happen on it.
    private static T Wait<T>(Task<T> task, CancellationToken cancellation) => task.WaitAsync(cancellation).GetAwaiter().GetResult();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: the topic {Log} was deleted and made anew; reading starts over in it.")]
    private partial void TopicReplaced(string group, string log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: reading went on beyond {Place}, where it was to begin; it is sought once more.")]
    private partial void SeekLost(string group, TopicPartitionOffset place);

    /// <summary>A partition that was taken in the store and is to be read from its place.</summary>
    private sealed record Takeover(Checkpoint Start, string? Refusal);
}
