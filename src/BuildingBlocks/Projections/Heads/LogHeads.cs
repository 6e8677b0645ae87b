using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Heads;

/// <summary>The heads of the logs, and checks of the logs that run in this process.</summary>
internal sealed class LogHeads(IEnumerable<IEventLog> logs, IEventTransport transport, TimeProvider clock)
{
    // A command takes the time of its events before it sends them; this is the longest it takes to send them.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, IEventLog> local = logs.ToDictionary(log => log.Name);

    /// <summary>The head of each partition of some logs.</summary>
    public async Task<Dictionary<LogPartition, long>> NowAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        var heads = new Dictionary<LogPartition, long>();
        foreach (var log in names)
        {
            foreach (var (partition, head) in await transport.HeadsAsync(log, cancellation))
                heads.Add(partition, head);
        }

        return heads;
    }

    /// <summary>The heads after the last transaction that may append an event with a time up to the given one.</summary>
    /// <exception cref="TimeoutException">A transaction has been open for too long.</exception>
    public async Task<Dictionary<LogPartition, long>> AsOfAsync(
        IReadOnlyList<string> names, DateTimeOffset until, CancellationToken cancellation)
    {
        var wait = until + SettlingTime - clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, cancellation);
        foreach (var log in names.Where(local.ContainsKey).Select(name => local[name]))
            await log.WaitForOpenTransactionsAsync(cancellation);
        return await NowAsync(names, cancellation);
    }

    /// <summary>The age of the oldest event at or after each offset, for logs that run in this process.</summary>
    public async Task<Dictionary<LogPartition, TimeSpan>> AgesAsync(
        IReadOnlyCollection<EventOffset> offsets, CancellationToken cancellation)
    {
        var ages = new Dictionary<LogPartition, TimeSpan>();
        foreach (var group in offsets.GroupBy(offset => offset.Partition.Log))
        {
            if (!local.TryGetValue(group.Key, out var log))
                continue;
            PartitionOffset[] ofLog = [.. group.Select(offset => new PartitionOffset(offset.Partition.Partition, offset.Offset))];
            foreach (var (partition, time) in await log.TimesAsync(ofLog, cancellation))
                ages[new LogPartition(group.Key, partition)] = clock.GetUtcNow() - time;
        }

        return ages;
    }

    /// <summary>The logs among the given ones that do not run in this process.</summary>
    public IReadOnlyList<string> Elsewhere(IEnumerable<string> names) => [.. names.Distinct().Where(log => !local.ContainsKey(log))];

    /// <summary>Differences between records of a topic and the events of the log, for logs that run in this process.</summary>
    public async Task<List<string>> DifferencesAsync(IReadOnlyCollection<LogRecord> records, CancellationToken cancellation)
    {
        var differences = new List<string>();
        foreach (var group in records.GroupBy(record => (record.Log, record.Partition)))
        {
            if (!transport.IsCopy || !local.TryGetValue(group.Key.Log, out var log))
                continue;
            LogRecord[] fromTopic = [.. group];
            var fromLog = new List<LogRecord>();
            await log.ReadAsync([new PartitionOffset(group.Key.Partition, fromTopic[0].Offset)], fromTopic.Length, fromLog, cancellation);
            var events = fromLog.ToDictionary(record => record.Offset);
            foreach (var record in fromTopic)
            {
                if (Difference(record, events.GetValueOrDefault(record.Offset)) is { } difference)
                    differences.Add($"{record.Log}[{record.Partition}] offset {record.Offset}: {difference}");
            }
        }

        return differences;
    }

    /// <summary>Gaps in the offsets and stream versions below some heads, for logs that run in this process.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync(IReadOnlyDictionary<LogPartition, long> below, CancellationToken cancellation)
    {
        var faults = new List<string>();
        foreach (var group in below.GroupBy(entry => entry.Key.Log))
        {
            if (local.TryGetValue(group.Key, out var log))
            {
                PartitionOffset[] heads = [.. group.Select(entry => new PartitionOffset(entry.Key.Partition, entry.Value))];
                faults.AddRange(await log.AuditAsync(heads, cancellation));
            }
        }

        return faults;
    }

    private static string? Difference(LogRecord record, LogRecord? logged)
    {
        if (logged is null || logged.EventId != record.EventId)
            return $"the topic's record {record.EventId} is not the event of the log ({logged?.EventId.ToString() ?? "none"})";
        (string Name, bool IsSame)[] fields =
        [
            ("type", record.Type == logged.Type),
            ("data", record.Data.Span.SequenceEqual(logged.Data.Span)),
            ("stream", record.StreamId == logged.StreamId),
            ("stream version", record.StreamVersion == logged.StreamVersion),
            ("time", record.OccurredAt == logged.OccurredAt),
            ("actor", record.Actor == logged.Actor),
            ("correlation", record.CorrelationId == logged.CorrelationId),
            ("causation", record.CausationId == logged.CausationId),
            ("trace", record.TraceParent == logged.TraceParent),
        ];
        var others = string.Join(", ", fields.Where(field => !field.IsSame).Select(field => field.Name));
        return others.Length == 0 ? null : $"the topic's record {record.EventId} differs from the event of the log in: {others}";
    }
}

/// <summary>An offset of a partition of a log.</summary>
internal readonly record struct EventOffset(LogPartition Partition, long Offset);
