using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;

namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>
/// Reads the next events of the logs by offset. Offsets are dense and follow the commit order, so that neither a late commit nor a wrong
/// time makes a client miss an event.
/// </summary>
internal static class EventTail
{
    // Limits the memory of a request, however many partitions a log has.
    private const int MaxRecordsOfLog = 4_000;

    public static async Task<Result<EventTailBody>> ReadAsync(EventTailQuery query, CancellationToken cancellation)
    {
        var heads = await Task.WhenAll(query.Logs.Select(log => ReaderOf(log).HeadsAsync(cancellation)));
        if (query.After is not { } after)
            return new EventTailBody([], query.UrlAfter(new TailCursor([.. heads.Select(offsets => offsets.ToArray())])), More: false);
        if (CompareWithHeads(query, after, heads) is { } error)
            return error;

        long[][] next = [.. after.Offsets.Select(offsets => (long[])offsets.Clone())];
        var read = await Task.WhenAll(query.Logs.Select((log, index) => ReadAsync(log, next[index], query.Limit, cancellation)));
        var items = new List<EventBody>();
        foreach (var (index, record) in MergeByTime(read))
        {
            if (items.Count == query.Limit)
                break;
            next[index][record.Partition] = record.Offset + 1;
            if (query.Matches(record))
                items.Add(EventBody.Of(new FoundEvent(query.Logs[index], record)));
        }

        var more = heads.Where((offsets, index) => offsets.Where((head, partition) => next[index][partition] < head).Any()).Any();
        return new EventTailBody(items, query.UrlAfter(new TailCursor(next)), more);
    }

    public static Error LogShorter(string log, int partition, long offset, long head) => new(
        ErrorKind.Conflict,
        "log-shorter",
        "The log is shorter than the cursor says",
        $"The cursor continues at offset {offset} of {log}[{partition}], whose next offset is {head}: "
            + "the log may have been restored from a backup. Start again without the cursor.");

    private static PostgresLogReader ReaderOf(ModuleLog log) => new(log.Log, log.Log.Database.Reader);

    private static Error? CompareWithHeads(EventTailQuery query, TailCursor after, IReadOnlyList<long>[] heads)
    {
        for (var log = 0; log < heads.Length; log++)
        {
            for (var partition = 0; partition < heads[log].Count; partition++)
            {
                if (after.Offsets[log][partition] > heads[log][partition])
                    return LogShorter(query.Logs[log].Log.Name, partition, after.Offsets[log][partition], heads[log][partition]);
            }
        }

        return null;
    }

    private static async Task<List<LogRecord>> ReadAsync(ModuleLog log, long[] next, int limit, CancellationToken cancellation)
    {
        var records = new List<LogRecord>();
        PartitionOffset[] from = [.. next.Select((offset, partition) => new PartitionOffset(partition, offset))];
        await ReaderOf(log).ReadAsync(from, Math.Clamp(MaxRecordsOfLog / from.Length, 1, limit), records, cancellation);
        return records;
    }

    /// <summary>Merges the partitions by time, and keeps the order of offsets within each partition.</summary>
    private static IEnumerable<(int Log, LogRecord Record)> MergeByTime(List<LogRecord>[] read)
    {
        var partitions = read.SelectMany((records, log) => records
            .GroupBy(record => record.Partition)
            .Select(partition => (Log: log, Records: partition.GetEnumerator())));
        var first = new PriorityQueue<(int Log, IEnumerator<LogRecord> Records), EventCursor>();
        foreach (var partition in partitions)
        {
            if (partition.Records.MoveNext())
                first.Enqueue(partition, EventCursor.Of(partition.Records.Current));
        }

        while (first.TryDequeue(out var partition, out _))
        {
            yield return (partition.Log, partition.Records.Current);
            if (partition.Records.MoveNext())
                first.Enqueue(partition, EventCursor.Of(partition.Records.Current));
        }
    }
}
