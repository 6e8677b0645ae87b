using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Telemetry;
using Monolith.BuildingBlocks.Events.Relaying;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>
/// One producer's life: it publishes the leased partitions in offset order and never passes a record that is not acknowledged. After any failure the session ends, what was not sent is dropped,
/// and the next session starts from what the topic holds.
/// </summary>
internal sealed partial class RelaySession : IDisposable
{
    private const int EventsPerPage = 2_000;
    private const int FewestOfEach = 32;

    /// <summary>What is refused is looked at again, since somebody may have mended it.</summary>
    private static readonly TimeSpan RefusalHolds = TimeSpan.FromSeconds(5);

    /// <summary>A lease counts as over here before it is over in the database.</summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(1);

    private readonly PostgresLog log;
    private readonly TopicCheck check;
    private readonly RelayLeases leases;
    private readonly RelayStatus status;
    private readonly string topicId;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly PostgresLogReader reader;
    private readonly IRelayProducer producer;
    private readonly InFlight inFlight;
    private readonly ConcurrentDictionary<int, RelayedPartition> partitions = new();
    private readonly HashSet<int> draining = [];
    private readonly Dictionary<int, long> refusedAt = [];
    private readonly List<LogRecord> page = [];
    private long leasedSince;
    private volatile string? failure;

    public RelaySession(PostgresLog log, IRelayTarget target, RelayLeases leases, RelayStatus status, string topicId, TimeProvider clock, ILogger logger)
    {
        this.log = log;
        check = new TopicCheck(log, target);
        this.leases = leases;
        this.status = status;
        this.topicId = topicId;
        this.clock = clock;
        this.logger = logger;
        reader = new PostgresLogReader(log, log.Database.App);
        inFlight = new InFlight(clock);
        producer = target.Open(log.Name, OnAcknowledged, OnFailed);
        status.Relaying = partitions;
        status.InFlight = inFlight;
    }

    /// <summary>What the session waits on when there is nothing to produce or no room.</summary>
    public LogSignal Settled => inFlight.Settled;

    /// <summary>Whether there is nothing to wait for: everything produced is safe in the topic, or the session has failed.</summary>
    public bool IsDrained => inFlight.IsEmpty || failure is not null;

    /// <summary>
    /// Renews the leases, drops what was lost, starts what was won at the place where the topic ends, and gives back what is more than a fair part.
    /// </summary>
    /// <exception cref="RelaySessionEndedException">A lost partition has records under way.</exception>
    public async Task RenewAsync(CancellationToken cancellation)
    {
        if (!partitions.IsEmpty && !LeasesHold())
            throw new RelaySessionEndedException($"The leases of {log.Name} ran out: whoever took them may have relayed meanwhile.");

        var asked = clock.GetTimestamp();
        var renewal = await leases.RenewAsync(cancellation);
        leasedSince = asked;

        var held = renewal.Held.Select(lease => lease.Partition).ToHashSet();
        DropLost(held);
        ForgetRefusals(held);
        await StartNewAsync([.. renewal.Held.Where(lease => !partitions.ContainsKey(lease.Partition) && !IsRefusedStill(lease.Partition))], cancellation);
        await NoteTopicAsync(cancellation);
        await ReleaseSurplusAsync(renewal, cancellation);
        status.Partitions = partitions.Count;
        status.Relays = renewal.Relays;
    }

    /// <summary>Reads a page of the log and gives it to the producer.</summary>
    /// <returns>Whether there may be more at once.</returns>
    /// <exception cref="RelaySessionEndedException">A record was not taken.</exception>
    public async Task<bool> PumpAsync(CancellationToken cancellation)
    {
        if (failure is { } reason)
            throw new RelaySessionEndedException(reason);
        if (!inFlight.HasRoom || !LeasesHold())
            return false;

        var positions = partitions.Where(entry => !draining.Contains(entry.Key)).Select(entry => new PartitionOffset(entry.Key, entry.Value.Next)).ToArray();
        if (positions.Length == 0)
            return false;
        var mostOfEach = Math.Max(FewestOfEach, EventsPerPage / positions.Length);
        page.Clear();
        await reader.ReadAsync(positions, mostOfEach, page, cancellation);

        // The page may have taken long (a frozen process): whoever took the leases meanwhile goes on from here.
        if (!LeasesHold())
            return false;
        if (page.Count == 0)
            return false;
        using var activity = LogTelemetry.Source.StartOver(log.PublishSpan, ActivityKind.Producer, page);
        activity?.SetTag("messaging.system", "kafka").SetTag("messaging.destination.name", log.Name).SetTag("messaging.operation.name", "publish").SetTag("messaging.operation.type", "send")
            .SetTag("messaging.batch.message_count", page.Count);
        foreach (var record in page)
        {
            // What is left is read again.
            if (!inFlight.HasRoom)
                return false;
            Produce(record);
        }

        return true;
    }

    public void Dispose()
    {
        status.Relaying = FrozenDictionary<int, RelayedPartition>.Empty;
        status.InFlight = null;
        producer.Dispose();
    }

    private bool LeasesHold() => clock.GetElapsedTime(leasedSince) < RelayLeases.Duration - LeaseMargin;

    private bool IsRefusedStill(int partition) =>
        refusedAt.TryGetValue(partition, out var at) && clock.GetElapsedTime(at) < RefusalHolds;

    private void Produce(LogRecord record)
    {
        var partition = partitions[record.Partition];
        if (record.Offset != partition.Next)
            throw new RelaySessionEndedException($"The log of {log.Name} has a hole: partition {record.Partition} goes on with offset {record.Offset} instead of {partition.Next}.");

        if (status.UnknownType is null && !log.Catalogue.Knows(record.Type))
            status.UnknownType = $"{record.Type} (first seen at {log.Name}[{record.Partition}] offset {record.Offset})";
        partition.Next = record.Offset + 1;
        inFlight.Add(record);
        producer.Produce(record);
    }

    private void DropLost(HashSet<int> held)
    {
        foreach (var (partition, relayed) in partitions)
        {
            if (held.Contains(partition))
                continue;
            if (relayed.Acknowledged < relayed.Next)
                throw new RelaySessionEndedException($"The lease of {log.Name}[{partition}] was lost with records under way.");
            partitions.TryRemove(partition, out _);
            draining.Remove(partition);
        }
    }

    private async Task StartNewAsync(List<RelayLease> won, CancellationToken cancellation)
    {
        if (won.Count == 0 || await JudgeAsync(won, cancellation) is not { } verdicts)
            return;

        foreach (var lease in won)
        {
            var (ends, refusal) = verdicts[lease.Partition];
            if (refusal is null)
                Start(lease, ends);
            else
                Refuse(lease.Partition, refusal);
        }

        if (won.Count(lease => partitions.ContainsKey(lease.Partition)) is var started and > 0)
            Started(log.Name, started);
    }

    // A topic that cannot be looked at now is looked at with the next renewal; what is relayed already goes on.
    private async Task<IReadOnlyDictionary<int, TopicVerdict>?> JudgeAsync(List<RelayLease> won, CancellationToken cancellation)
    {
        try
        {
            return await check.JudgeAsync([.. won.Select(lease => lease.Partition)], cancellation);
        }
        catch (Exception exception) when (!partitions.IsEmpty && exception is not OperationCanceledException)
        {
            NotStarted(log.Name, won.Count, exception.Message);
            return null;
        }
    }

    private void Start(RelayLease lease, TopicRange? ends)
    {
        refusedAt.Remove(lease.Partition);
        status.Accept(lease.Partition);

        // A producer that outlived the deleted topic may have written into the new one: then it does not begin at offset 0, and is filled from there. Until that is done, whoever comes next must not trust
        // its last record, so that the topic's id is noted only then.
        var beheaded = ends is not null && lease.TopicId != topicId && ends.First.Sequence != 0;
        partitions[lease.Partition] = ends is null || beheaded
            ? new RelayedPartition(0, trustedFrom: ends?.Last.Sequence ?? 0, isNoted: false)
            : new RelayedPartition(ends.Last.Sequence!.Value + 1, trustedFrom: 0, isNoted: lease.TopicId == topicId);
    }

    private void Refuse(int partition, string refusal)
    {
        if (!refusedAt.ContainsKey(partition))
            Refused(log.Name, partition, refusal);
        refusedAt[partition] = clock.GetTimestamp();
        status.Refuse(partition, refusal);
    }

    // Of a partition that another relay holds now, that relay knows.
    private void ForgetRefusals(HashSet<int> held)
    {
        foreach (var partition in refusedAt.Keys.Where(partition => !held.Contains(partition)).ToArray())
        {
            refusedAt.Remove(partition);
            status.Accept(partition);
        }
    }

    private async Task NoteTopicAsync(CancellationToken cancellation)
    {
        var due = partitions.Where(entry => entry.Value.MayBeNoted).ToArray();
        if (due.Length == 0)
            return;
        await leases.NoteTopicAsync([.. due.Select(entry => entry.Key)], topicId, cancellation);
        foreach (var (_, partition) in due)
            partition.IsNoted = true;
    }

    private async Task ReleaseSurplusAsync(LeaseRenewal renewal, CancellationToken cancellation)
    {
        var surplus = renewal.Held.Count - renewal.FairPart;
        draining.Clear();
        if (surplus <= 0)
            return;

        // Given back only when nothing of them is under way, so that the next owner does not repeat it.
        draining.UnionWith(partitions.Keys.OrderDescending().Take(surplus));
        var settled = draining.Where(partition => partitions[partition] is { } relayed && relayed.Acknowledged == relayed.Next).ToArray();
        if (settled.Length == 0)
            return;
        foreach (var partition in settled)
        {
            partitions.TryRemove(partition, out _);
            draining.Remove(partition);
        }

        await leases.ReleaseAsync(settled, cancellation);
    }

    private void OnAcknowledged(LogRecord record)
    {
        if (partitions.TryGetValue(record.Partition, out var partition))
            partition.Acknowledge(record.Offset);
        inFlight.Remove(record);
        LogTelemetry.Relayed.Add(1, new KeyValuePair<string, object?>("log", log.Name));
    }

    private void OnFailed(string reason)
    {
        failure = reason;
        inFlight.Settled.Pulse();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partitions} partitions of {Log} cannot be relayed yet: {Reason}")]
    private partial void NotStarted(string log, int partitions, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Relaying {Partitions} partitions of {Log}.")]
    private partial void Started(string log, int partitions);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not relaying {Log} partition {Partition}: {Reason}")]
    private partial void Refused(string log, int partition, string reason);
}
