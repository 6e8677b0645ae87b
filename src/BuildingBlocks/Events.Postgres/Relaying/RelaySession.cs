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
/// The lifetime of one producer: it publishes the leased partitions in offset order and never passes a record that is not acknowledged. A
/// failure ends the session and drops records that were not sent. The next session continues after the last records of the topic.
/// </summary>
internal sealed partial class RelaySession : IDisposable
{
    private const int EventsPerBatch = 2_000;
    private const int MinEventsPerPartition = 32;

    /// <summary>After this time, a refused partition is checked again, since the cause may have been fixed.</summary>
    private static readonly TimeSpan RefusalDuration = TimeSpan.FromSeconds(5);

    /// <summary>A lease expires in this process before it expires in the database.</summary>
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
    private readonly List<LogRecord> batch = [];
    private long leasedSince;
    private volatile string? failure;

    public RelaySession(
        PostgresLog log, IRelayTarget target, RelayLeases leases, RelayStatus status, string topicId, TimeProvider clock, ILogger logger)
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
        producer = target.OpenProducer(log.Name, OnAcknowledged, OnFailed);
        status.Relaying = partitions;
        status.InFlight = inFlight;
    }

    /// <summary>Pulsed when there is room for more records, and when the session has failed.</summary>
    public LogSignal Settled => inFlight.Settled;

    /// <summary>Whether all records are acknowledged, or the session has failed.</summary>
    public bool IsDrained => inFlight.IsEmpty || failure is not null;

    /// <summary>
    /// Renews the leases, removes lost partitions, starts acquired ones after the last record of the topic, and releases those beyond a
    /// fair share.
    /// </summary>
    /// <exception cref="RelaySessionEndedException">A lost partition has records in flight.</exception>
    public async Task RenewAsync(CancellationToken cancellation)
    {
        if (!partitions.IsEmpty && !LeasesHold())
            throw new RelaySessionEndedException($"The leases of {log.Name} expired: another relay may have acquired them meanwhile.");

        var requestedAt = clock.GetTimestamp();
        var renewal = await leases.RenewAsync(cancellation);
        leasedSince = requestedAt;

        var held = renewal.Held.Select(lease => lease.Partition).ToHashSet();
        DropLost(held);
        RemoveRefusals(held);
        var acquired = renewal.Held.Where(lease => !partitions.ContainsKey(lease.Partition) && !IsStillRefused(lease.Partition)).ToList();
        await StartNewAsync(acquired, cancellation);
        await NoteTopicAsync(cancellation);
        await ReleaseSurplusAsync(renewal, cancellation);
        status.Partitions = partitions.Count;
        status.Relays = renewal.Relays;
    }

    /// <summary>Reads a batch of events and sends it.</summary>
    /// <returns>Whether there may be more events.</returns>
    /// <exception cref="RelaySessionEndedException">A record was rejected.</exception>
    public async Task<bool> PumpAsync(CancellationToken cancellation)
    {
        if (failure is { } reason)
            throw new RelaySessionEndedException(reason);
        if (!inFlight.HasRoom || !LeasesHold())
            return false;

        var from = partitions.Where(entry => !draining.Contains(entry.Key))
            .Select(entry => new PartitionOffset(entry.Key, entry.Value.Next))
            .ToArray();
        if (from.Length == 0)
            return false;
        var limit = Math.Max(MinEventsPerPartition, EventsPerBatch / from.Length);
        batch.Clear();
        await reader.ReadAsync(from, limit, batch, cancellation);

        // The read may have taken long, as in a suspended process. Another relay may have acquired the leases meanwhile.
        if (!LeasesHold())
            return false;
        if (batch.Count == 0)
            return false;
        using var activity = LogTelemetry.Source.StartBatchActivity(log.PublishSpan, ActivityKind.Producer, batch);
        activity?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", log.Name)
            .SetTag("messaging.operation.name", "publish")
            .SetTag("messaging.operation.type", "send")
            .SetTag("messaging.batch.message_count", batch.Count);
        foreach (var record in batch)
        {
            // The remaining records are read again.
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

    private bool IsStillRefused(int partition) =>
        refusedAt.TryGetValue(partition, out var at) && clock.GetElapsedTime(at) < RefusalDuration;

    private void Produce(LogRecord record)
    {
        var partition = partitions[record.Partition];
        if (record.Offset != partition.Next)
        {
            throw new RelaySessionEndedException(
                $"The log of {log.Name} has a gap: partition {record.Partition} continues with offset {record.Offset} "
                + $"instead of {partition.Next}.");
        }

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
                throw new RelaySessionEndedException($"The lease of {log.Name}[{partition}] was lost with records in flight.");
            partitions.TryRemove(partition, out _);
            draining.Remove(partition);
        }
    }

    private async Task StartNewAsync(List<RelayLease> acquired, CancellationToken cancellation)
    {
        if (acquired.Count == 0 || await TryCheckAsync(acquired, cancellation) is not { } results)
            return;

        foreach (var lease in acquired)
        {
            var (range, refusal) = results[lease.Partition];
            if (refusal is null)
                Start(lease, range);
            else
                Refuse(lease.Partition, refusal);
        }

        if (acquired.Count(lease => partitions.ContainsKey(lease.Partition)) is var started and > 0)
            Started(log.Name, started);
    }

    // If the topic cannot be checked now, it is checked at the next renewal. Other partitions continue.
    private async Task<IReadOnlyDictionary<int, TopicCheckResult>?> TryCheckAsync(
        List<RelayLease> acquired, CancellationToken cancellation)
    {
        try
        {
            return await check.CheckAsync([.. acquired.Select(lease => lease.Partition)], cancellation);
        }
        catch (Exception exception) when (!partitions.IsEmpty && exception is not OperationCanceledException)
        {
            NotStarted(log.Name, acquired.Count, exception.Message);
            return null;
        }
    }

    private void Start(RelayLease lease, TopicRange? range)
    {
        refusedAt.Remove(lease.Partition);
        status.Accept(lease.Partition);

        // A producer of another session may have written into a recreated topic, which then does not begin with offset 0 and must be filled
        // from there. Until it is filled, its last record does not show how far it is filled, so that the topic id is stored only then.
        var isIncomplete = range is not null && lease.TopicId != topicId && range.First.Sequence != 0;
        partitions[lease.Partition] = range is null || isIncomplete
            ? new RelayedPartition(0, trustedFrom: range?.Last.Sequence ?? 0, isNoted: false)
            : new RelayedPartition(range.Last.Sequence!.Value + 1, trustedFrom: 0, isNoted: lease.TopicId == topicId);
    }

    private void Refuse(int partition, string refusal)
    {
        if (!refusedAt.ContainsKey(partition))
            Refused(log.Name, partition, refusal);
        refusedAt[partition] = clock.GetTimestamp();
        status.Refuse(partition, refusal);
    }

    // The relay that holds the partition now checks it.
    private void RemoveRefusals(HashSet<int> held)
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
        var surplus = renewal.Held.Count - renewal.FairShare;
        draining.Clear();
        if (surplus <= 0)
            return;

        // Released only when none of their records are in flight, so that the next owner does not send duplicates.
        draining.UnionWith(partitions.Keys.OrderDescending().Take(surplus));
        var drained = draining.Where(partition => partitions[partition] is { } relayed && relayed.Acknowledged == relayed.Next).ToArray();
        if (drained.Length == 0)
            return;
        foreach (var partition in drained)
        {
            partitions.TryRemove(partition, out _);
            draining.Remove(partition);
        }

        await leases.ReleaseAsync(drained, cancellation);
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

/// <summary>A relay session cannot continue. The next one continues after the last records of the topic.</summary>
internal sealed class RelaySessionEndedException(string message) : Exception(message);
