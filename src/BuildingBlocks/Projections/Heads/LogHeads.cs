using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Heads;

/// <summary>Where the logs end, now or as of a time, as far as this process can tell.</summary>
internal sealed class LogHeads(IEnumerable<IEventLog> logs, IEventTransport transport, TimeProvider clock)
{
    /// <summary>A command takes its time before it sends its batch; nobody holds it longer than this.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, IEventLog> local = logs.ToDictionary(log => log.Name);

    /// <summary>The next offset of each partition of some logs.</summary>
    public async Task<Dictionary<LogPartition, long>> NowAsync(IEnumerable<string> of, CancellationToken cancellation)
    {
        var heads = new Dictionary<LogPartition, long>();
        foreach (var log in of)
        {
            foreach (var (partition, head) in await transport.HeadsAsync(log, cancellation))
                heads.Add(partition, head);
        }

        return heads;
    }

    /// <summary>The heads once every transaction that could still carry a time up to this one has ended.</summary>
    /// <exception cref="TimeoutException">A transaction has been open for too long; the message says so.</exception>
    public async Task<Dictionary<LogPartition, long>> AsOfAsync(IReadOnlyList<string> of, DateTimeOffset until, CancellationToken cancellation)
    {
        var wait = until + Settling - clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, cancellation);
        foreach (var log in of.Where(local.ContainsKey).Select(name => local[name]))
            await log.WaitForOpenTransactionsAsync(cancellation);
        return await NowAsync(of, cancellation);
    }

    /// <summary>The age of the oldest event at or behind each place, where its log is here.</summary>
    public async Task<Dictionary<LogPartition, TimeSpan>> AgesAsync(IReadOnlyCollection<EventOffset> places, CancellationToken cancellation)
    {
        var ages = new Dictionary<LogPartition, TimeSpan>();
        foreach (var group in places.GroupBy(place => place.Partition.Log))
        {
            if (!local.TryGetValue(group.Key, out var log))
                continue;
            PartitionOffset[] positions = [.. group.Select(place => new PartitionOffset(place.Partition.Partition, place.Offset))];
            foreach (var (partition, time) in await log.TimesAsync(positions, cancellation))
                ages[new LogPartition(group.Key, partition)] = clock.GetUtcNow() - time;
        }

        return ages;
    }

    /// <summary>Those of some logs that this process cannot look at.</summary>
    public IReadOnlyList<string> Elsewhere(IEnumerable<string> of) => [.. of.Distinct().Where(log => !local.ContainsKey(log))];

    /// <summary>Where records that a topic brought are not the events of the log, as far as the log is here.</summary>
    public async Task<List<string>> DifferencesAsync(IReadOnlyCollection<LogRecord> records, CancellationToken cancellation)
    {
        var differences = new List<string>();
        foreach (var group in records.GroupBy(record => (record.Log, record.Partition)))
        {
            if (!transport.IsCopy || !local.TryGetValue(group.Key.Log, out var log))
                continue;
            LogRecord[] brought = [.. group];
            var written = new List<LogRecord>();
            await log.ReadAsync([new PartitionOffset(group.Key.Partition, brought[0].Offset)], brought.Length, written, cancellation);
            var events = written.ToDictionary(record => record.Offset);
            foreach (var record in brought)
            {
                if (Difference(record, events.GetValueOrDefault(record.Offset)) is { } difference)
                    differences.Add($"{record.Log}[{record.Partition}] offset {record.Offset}: {difference}");
            }
        }

        return differences;
    }

    /// <summary>Holes in the offsets and stream versions of the logs below some heads, as far as the logs are here.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync(IReadOnlyDictionary<LogPartition, long> below, CancellationToken cancellation)
    {
        var faults = new List<string>();
        foreach (var group in below.GroupBy(entry => entry.Key.Log))
        {
            if (local.TryGetValue(group.Key, out var log))
                faults.AddRange(await log.AuditAsync([.. group.Select(entry => new PartitionOffset(entry.Key.Partition, entry.Value))], cancellation));
        }

        return faults;
    }

    private static string? Difference(LogRecord brought, LogRecord? written)
    {
        if (written is null || written.EventId != brought.EventId)
            return $"the topic's record {brought.EventId} is not the event of the log ({written?.EventId.ToString() ?? "none"})";
        (string Name, bool IsSame)[] fields =
        [
            ("type", brought.Type == written.Type),
            ("data", brought.Data.Span.SequenceEqual(written.Data.Span)),
            ("stream", brought.StreamId == written.StreamId),
            ("stream version", brought.StreamVersion == written.StreamVersion),
            ("time", brought.OccurredAt == written.OccurredAt),
            ("actor", brought.Actor == written.Actor),
            ("correlation", brought.CorrelationId == written.CorrelationId),
            ("causation", brought.CausationId == written.CausationId),
            ("trace", brought.TraceParent == written.TraceParent),
        ];
        var others = string.Join(", ", fields.Where(field => !field.IsSame).Select(field => field.Name));
        return others.Length == 0 ? null : $"the topic's record {brought.EventId} differs from the event of the log in: {others}";
    }
}

/// <summary>A place in a log.</summary>
internal readonly record struct EventOffset(LogPartition Partition, long Offset);
