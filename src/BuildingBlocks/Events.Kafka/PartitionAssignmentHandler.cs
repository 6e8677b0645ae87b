using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Claims the partitions that the consumer group assigns to a reader, and starts reading them at their checkpoints. It claims them again
/// after a lost checkpoint, when a topic was recreated, and while they are refused. Each attempt is bounded, so that the reader stays in
/// its group. Everything but <see cref="Request"/> runs on the reader's thread.
/// </summary>
internal sealed partial class PartitionAssignmentHandler
{
    /// <summary>The subject of <see cref="ReaderEvent.AvailabilityChanged"/>.</summary>
    private const string Subject = "kafka";

    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CheckTopicsInterval = TimeSpan.FromSeconds(5);

    private readonly KafkaAdmin admin;
    private readonly LocalLogs localLogs;
    private readonly TopicBeginnings beginnings;
    private readonly Subscription subscription;
    private readonly ILogger logger;
    private readonly CancellationToken stopping;
    private readonly PartitionClaims claims = new();
    private readonly PartitionStarts starts = new();
    private readonly TopicSources sources = new();
    private readonly DeletedRecordReports deletedRecords;
    private long failedAt;
    private long checkedAt = Stopwatch.GetTimestamp();
    private bool isUnavailable;

    public PartitionAssignmentHandler(
        KafkaAdmin admin,
        LocalLogs localLogs,
        TopicBeginnings beginnings,
        Subscription subscription,
        ILogger logger,
        CancellationToken stopping)
    {
        this.admin = admin;
        this.localLogs = localLogs;
        this.beginnings = beginnings;
        this.subscription = subscription;
        this.logger = logger;
        this.stopping = stopping;
        deletedRecords = new DeletedRecordReports(subscription.Logs, beginnings.Of, sources);
    }

    /// <summary>Requests that partitions are claimed again. Thread-safe.</summary>
    public void Request(IEnumerable<LostPartition> partitions) => claims.Request(partitions);

    /// <summary>
    /// Makes one bounded attempt to claim the partitions that the group has assigned. It does not throw into the client. A partition that
    /// cannot be claimed yet is read from its beginning, and its records are dropped, until it is claimed: if the client loses the later
    /// seek, records are only repeated. After reading from the end, they would be lost.
    /// </summary>
    public List<TopicPartitionOffset> Assigned(IReadOnlyCollection<LogPartition> partitions, Action<ReaderEvent> publish)
    {
        claims.Assign(partitions);
        Claim(publish);
        var offsets = new List<TopicPartitionOffset>(partitions.Count);
        foreach (var partition in partitions)
        {
            var claim = starts.FindWaiting(partition);
            offsets.Add(claim is null
                ? new TopicPartitionOffset(partition.Log, partition.Partition, Offset.Beginning)
                : OffsetOf(claim.Start));
            if (claim is not null)
                Start(claim, publish);
        }

        return offsets;
    }

    public void Revoked(IReadOnlyCollection<LogPartition> partitions)
    {
        claims.Revoke(partitions);
        starts.Remove(partitions);
        deletedRecords.Forget(partitions);
    }

    /// <summary>Whether a record counts: its partition is started, and reading is not beyond the offset where it must start.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">The position of the record, or of the end of the partition.</param>
    public bool Counts(LogPartition partition, long position) => starts.Counts(partition, position, claims.Assigned);

    /// <summary>Reports that Kafka or the store is unavailable. The next successful check of the topics reports the recovery.</summary>
    public void ReportUnavailable(string problem, Action<ReaderEvent> publish)
    {
        isUnavailable = true;
        publish(new ReaderEvent.AvailabilityChanged(Subject, problem));
    }

    /// <summary>Continues with everything that is due.</summary>
    public void Continue(IConsumer<Ignore, byte[]> consumer, Action<ReaderEvent> publish)
    {
        claims.AcceptRequests();
        CheckTopics(publish);
        deletedRecords.ReportChanges(starts, publish);
        if (claims.Due.Length > 0 && (failedAt == 0 || Stopwatch.GetElapsedTime(failedAt) >= RetryInterval))
            Claim(publish);
        StartWaiting(consumer, publish);
        RepeatLostSeeks(consumer);
    }

    private void Claim(Action<ReaderEvent> publish)
    {
        var partitions = claims.Due;
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        bounded.CancelAfter(AttemptTimeout);
        try
        {
            foreach (var log in partitions.Select(partition => partition.Log).Distinct())
            {
                NoteSource(log, Wait(admin.SourceOfAsync(log), bounded.Token));
                CheckBeginning(log, bounded.Token);
            }

            var refusals = Wait(localLogs.RefusalsAsync(partitions, bounded.Token), bounded.Token);
            var checkpoints = Wait(subscription.Claim(partitions, bounded.Token), bounded.Token);
            claims.NoteClaimed(partitions, checkpoints);
            starts.Add(partitions, checkpoints.Select(start => new ClaimedPartition(start, refusals.GetValueOrDefault(start.Partition))));
            failedAt = 0;
        }
        catch (Exception exception)
        {
            failedAt = Stopwatch.GetTimestamp();
            ReportUnavailable($"Partitions cannot be claimed: {exception.Message}", publish);
        }
    }

    private void CheckBeginning(string log, CancellationToken cancellation)
    {
        try
        {
            Wait(beginnings.CheckAsync(log, cancellation), cancellation);
        }
        catch (KafkaException)
        {
            // A partition without a leader must not delay the others. Deleted records that are found later are reported then.
        }
    }

    private void StartWaiting(IConsumer<Ignore, byte[]> consumer, Action<ReaderEvent> publish)
    {
        foreach (var claim in starts.Waiting.ToArray())
        {
            if (TrySeek(consumer, OffsetOf(claim.Start)))
                Start(claim, publish);
        }
    }

    private void RepeatLostSeeks(IConsumer<Ignore, byte[]> consumer)
    {
        foreach (var offset in starts.LostSeeks)
        {
            if (!TrySeek(consumer, offset))
                continue;
            starts.NoteSeekRepeated(offset);
            SeekLost(subscription.Group, offset);
        }
    }

    private static bool TrySeek(IConsumer<Ignore, byte[]> consumer, TopicPartitionOffset offset)
    {
        try
        {
            consumer.Seek(offset);
            return true;
        }
        catch (KafkaException)
        {
            // The client does not fetch from the partition yet. The next iteration tries again.
            return false;
        }
    }

    // At the event that was applied last, if its position belongs to this incarnation of the topic. Otherwise from the beginning: applied
    // events are skipped by their log offsets.
    private TopicPartitionOffset OffsetOf(Checkpoint start)
    {
        var isKnown = start.NextOffset > 0 && start.Source == sources.Of(start.Partition.Log);
        return new TopicPartitionOffset(
            start.Partition.Log, start.Partition.Partition, isKnown ? new Offset(start.Position) : Offset.Beginning);
    }

    private void Start(ClaimedPartition claim, Action<ReaderEvent> publish)
    {
        var partition = claim.Partition;
        var deleted = deletedRecords.Of(partition);
        starts.Start(claim, OffsetOf(claim.Start), deleted?.FirstPosition ?? 0);
        publish(new ReaderEvent.Assigned([claim.Start], sources.Copy()));
        deletedRecords.ReportAssigned(partition, deleted, publish);
        claims.NoteRefused(partition, claim.Refusal is not null);
        if (claim.Refusal is { } reason)
            publish(new ReaderEvent.Refused(partition, reason));
    }

    // The client does not report that a topic was deleted and recreated; the topic id shows it.
    private void CheckTopics(Action<ReaderEvent> publish)
    {
        if (Stopwatch.GetElapsedTime(checkedAt) < (isUnavailable ? RetryInterval : CheckTopicsInterval))
            return;
        checkedAt = Stopwatch.GetTimestamp();
        try
        {
            foreach (var log in subscription.Logs)
                NoteSource(log, Wait(admin.SourceOfAsync(log), stopping));
            claims.RetryRefused();
            if (isUnavailable && failedAt == 0)
            {
                isUnavailable = false;
                publish(new ReaderEvent.AvailabilityChanged(Subject, null));
            }
        }
        catch (KafkaException exception)
        {
            ReportUnavailable($"Kafka: {exception.Error.Reason}", publish);
        }
    }

    private void NoteSource(string log, string source)
    {
        if (!sources.Note(log, source))
            return;
        TopicReplaced(subscription.Group, log);
        claims.ClaimAgain(log);
    }

    // Blocking is fine: the reader's thread has nothing else to do, and everything must happen on it.
    private static T Wait<T>(Task<T> task, CancellationToken cancellation) => task.WaitAsync(cancellation).GetAwaiter().GetResult();

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Group}: the topic {Log} was deleted and recreated. Reading starts again in the new topic.")]
    private partial void TopicReplaced(string group, string log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: the client lost a seek to {Offset}. The seek is repeated.")]
    private partial void SeekLost(string group, TopicPartitionOffset offset);
}
