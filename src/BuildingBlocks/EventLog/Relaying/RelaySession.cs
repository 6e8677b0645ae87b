using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Reading;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.EventLog.Relaying;

/// <summary>
/// One producer's life: it publishes the leased partitions in offset order and never passes a record that is not acknowledged. After any failure the session ends, what was not sent is dropped,
/// and the next session starts from what the topic holds.
/// </summary>
internal sealed partial class RelaySession : IDisposable
{
    private const int EventsPerPage = 4_000;
    private const int FewestOfEach = 32;

    /// <summary>What is refused is looked at again, since somebody may have mended it.</summary>
    private static readonly TimeSpan RefusalHolds = TimeSpan.FromSeconds(5);

    /// <summary>A lease counts as over here before it is over in the database.</summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(1);

    private readonly PostgresLog log;
    private readonly IRelayTarget target;
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
        this.target = target;
        this.leases = leases;
        this.status = status;
        this.topicId = topicId;
        this.clock = clock;
        this.logger = logger;
        reader = new PostgresLogReader(log, log.Database.App);
        inFlight = new InFlight(clock);
        producer = target.Open(log.Name, OnAcknowledged, OnFailed);
    }

    /// <summary>What the session waits on when there is nothing to produce or no room.</summary>
    public LogSignal Settled => inFlight.Settled;

    /// <summary>Whether everything produced is safe in the topic.</summary>
    public bool IsDrained => inFlight.IsEmpty;

    /// <summary>
    /// Renews the leases, drops what was lost, starts what was won at the place where the topic ends, and gives back what is more than a fair part.
    /// </summary>
    /// <exception cref="RelaySessionEndedException">A lost partition has records under way.</exception>
    public async Task RenewAsync(CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        var renewal = await leases.RenewAsync(cancellation);
        leasedSince = asked;

        DropLost(renewal.Held.Select(lease => lease.Partition).ToHashSet());
        await StartNewAsync([.. renewal.Held.Where(lease => !partitions.ContainsKey(lease.Partition) && !IsRefusedStill(lease.Partition))], cancellation);
        await ReleaseSurplusAsync(renewal, cancellation);
        status.Partitions = partitions.Count;
        status.Relays = renewal.Relays;
        status.UnacknowledgedFor = inFlight.StuckFor;
    }

    /// <summary>Reads a page of the log and gives it to the producer.</summary>
    /// <returns>Whether there may be more at once.</returns>
    /// <exception cref="RelaySessionEndedException">A record was not taken.</exception>
    public async Task<bool> PumpAsync(CancellationToken cancellation)
    {
        if (failure is { } reason)
            throw new RelaySessionEndedException(reason);
        status.UnacknowledgedFor = inFlight.StuckFor;
        if (!inFlight.HasRoom || !LeasesHold())
            return false;

        var positions = partitions.Where(entry => !draining.Contains(entry.Key)).Select(entry => new LogPosition(entry.Key, entry.Value.Next)).ToArray();
        if (positions.Length == 0)
            return false;
        var mostOfEach = Math.Max(FewestOfEach, EventsPerPage / positions.Length);
        page.Clear();
        await reader.ReadAsync(positions, mostOfEach, page, cancellation);

        // The page may have taken long (a frozen process): whoever took the leases meanwhile goes on from here.
        if (!LeasesHold())
            return false;
        foreach (var record in page)
            Produce(record);
        return page.Count > 0;
    }

    public void Dispose() => producer.Dispose();

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
        if (won.Count == 0)
            return;

        var ends = await target.EndsAsync(log.Name, [.. won.Select(lease => lease.Partition)], cancellation);
        var starts = new Dictionary<int, long>();
        foreach (var lease in won)
        {
            if (await StartOfAsync(lease, ends.GetValueOrDefault(lease.Partition), cancellation) is { } start)
                starts.Add(lease.Partition, start);
        }

        // Noted before the first record, so that whoever goes on after a crash trusts what is in the topic by then.
        await leases.NoteTopicAsync(starts.Keys, topicId, cancellation);
        foreach (var (partition, start) in starts)
            partitions[partition] = new RelayedPartition(start);
        Started(log.Name, starts.Count);
    }

    private async Task<long?> StartOfAsync(RelayLease lease, TopicEnds? ends, CancellationToken cancellation)
    {
        var refusal = ends is null ? null : await RefusalAsync(lease.Partition, ends.Last, cancellation);
        if (refusal is not null)
        {
            if (!refusedAt.ContainsKey(lease.Partition))
                Refused(log.Name, lease.Partition, refusal);
            refusedAt[lease.Partition] = clock.GetTimestamp();
            status.Refuse(lease.Partition, refusal);
            return null;
        }

        refusedAt.Remove(lease.Partition);
        status.Accept(lease.Partition);
        if (ends is null)
            return 0;

        // A topic that nobody filled from the start, seen for the first time: a producer that outlived the old topic wrote into the new one.
        var beheaded = lease.TopicId != topicId && ends.First.Sequence != 0;
        return beheaded ? 0 : ends.Last.Sequence!.Value + 1;
    }

    private async Task<string?> RefusalAsync(int partition, TopicRecord last, CancellationToken cancellation)
    {
        if (last.Sequence is not { } sequence || last.EventId is not { } eventId)
            return $"The last record of {log.Name}[{partition}] was not written by a relay of ours: remove it, or delete the topic, which is then filled from the log.";

        var inLog = await reader.EventIdAsync(new LogPosition(partition, sequence), cancellation);
        if (inLog == eventId)
            return null;
        return inLog is null
            ? $"The topic {log.Name}[{partition}] ends with offset {sequence}, but the log is shorter: the log was restored from a backup. Nothing is relayed."
            : $"The topic {log.Name}[{partition}] has another event at offset {sequence} than the log: the log was restored from a backup. Nothing is relayed.";
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
    }

    private void OnFailed(string reason)
    {
        failure = reason;
        inFlight.Settled.Pulse();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Relaying {Partitions} partitions of {Log}.")]
    private partial void Started(string log, int partitions);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not relaying {Log} partition {Partition}: {Reason}")]
    private partial void Refused(string log, int partition, string reason);
}
