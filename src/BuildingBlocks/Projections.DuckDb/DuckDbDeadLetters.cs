using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>The dead letters of a generation.</summary>
internal sealed class DuckDbDeadLetters(DuckDbInstance instance, string catalog)
{
    private const string Envelope =
        "\"log\", \"partition\", \"offset\", event_id, stream_id, stream_version, type, data, occurred_at, actor, correlation_id, "
        + "causation_id, traceparent";

    private const string AtOffsets = "\"log\" = $1 and \"partition\" = $2 and \"offset\" in (select unnest($3))";

    private readonly string table = $"{catalog}.main.{DuckDbSchema.DeadLetters}";

    public DeadLetterCount Count() =>
        Read($"select count(*), count(asked) from {table}", line => new DeadLetterCount(line.Large(), line.Large())).Single();

    public HashSet<string> Keys() => [.. Read($"select distinct key from {table}", line => line.Text())];

    public List<DeadLetter> List(string projection, int generation, long after, int limit) => Read(
        $"""
        select key, event_id, type, "log", "partition", "offset", reason, parked_at, asked, "sequence" from {table}
        where "sequence" > $1 order by "sequence" limit $2
        """,
        line => new DeadLetter(
            projection, generation, line.Text(), line.Uuid(), line.Text(), line.Text(), line.Whole(), line.Large(), line.TextOrNull(),
            line.Time(), line.TextOrNull(), line.Large()),
        new DuckDBParameter(after),
        new DuckDBParameter(limit));

    public long Request(DuckDBConnection writer, string? key, DeadLetterRequest request, Guid operation)
    {
        var (filter, parameters) = key is null ? ("", Array.Empty<DuckDBParameter>()) : (" where key = $3", [new DuckDBParameter(key)]);
        return writer.Execute(
            $"update {table} set asked = $1, operation = $2{filter}",
            [new(request.ToString().ToLowerInvariant()), new(operation), .. parameters]);
    }

    /// <summary>The progress of an operation. A key is open while its first event has a pending request.</summary>
    public RequestProgress Progress(Guid operation) => Read(
        $"""
        select count(*) filter (where asked is not null), (select count(*) from {table} where operation = $1)
        from (select asked, operation from {table} qualify row_number() over (partition by key order by "sequence") = 1)
        where operation = $1
        """,
        line => new RequestProgress(line.Large(), line.Large()),
        new DuckDBParameter(operation)).Single();

    public void CancelRequests(DuckDBConnection writer, Guid operation) => writer.Execute(
        $"update {table} set asked = null, operation = null where operation = $1", new DuckDBParameter(operation));

    /// <summary>Keys of owned partitions whose first event has a pending request, with their first events.</summary>
    public List<(string Key, DeadLetterRequest Request, Guid Operation, List<LogRecord> Records)> PendingRequests(
        IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey)
    {
        var firsts = Read(
            $"""
            select key, asked, operation, "log", "partition" from {table}
            qualify row_number() over (partition by key order by "sequence") = 1 order by key
            """,
            line => (
                Key: line.Text(),
                Request: line.TextOrNull(),
                Operation: line.UuidOrNull(),
                Partition: new LogPartition(line.Text(), line.Whole())));
        return
        [
            .. firsts.Where(first => first.Request is not null && owned.Contains(first.Partition)).Take(maxKeys).Select(first => (
                first.Key,
                Enum.Parse<DeadLetterRequest>(first.Request!, ignoreCase: true),
                first.Operation!.Value,
                Read(
                    $"select {Envelope} from {table} where key = $1 order by \"sequence\" limit $2",
                    DuckDbSchema.Record,
                    new DuckDBParameter(first.Key),
                    new DuckDBParameter(maxEventsPerKey)))),
        ];
    }

    /// <summary>Adds events. An event that is already a dead letter keeps its sequence number. Returns the number of new ones.</summary>
    public long Add(DuckDbFile.WriteLease lease, IEnumerable<(string Key, LogRecord Record, string? Reason)> events, DateTimeOffset now)
    {
        var added = 0L;
        using var appender = lease.Writer.CreateAppender(catalog, "main", DuckDbSchema.DeadLetters);
        foreach (var (key, record, reason) in events)
        {
            if (lease.File.DeadLetterCount > 0 && Update(lease.Writer, record, reason))
                continue;
            var line = appender.CreateRow();
            DuckDbSchema.DeadLetterColumns.Append(line, new DuckDbSchema.DeadLetterLine(lease.TakeSequence(), key, record, reason, now));
            line.EndRow();
            added++;
        }

        return added;
    }

    /// <summary>
    /// Copies the requests of events that are about to be removed to the other events of their keys: a request applies to the key, also to
    /// events that were added after it. Must be called before <see cref="Add"/>, which clears requests.
    /// </summary>
    public void PassOnRequests(DuckDBConnection writer, IEnumerable<(LogPartition Partition, long Offset)> offsets) => Execute(
        writer,
        $"""
        update {table} as other set asked = done.asked, operation = done.operation
        from (
            select key, asked, operation from {table} where {AtOffsets} and asked is not null
            qualify row_number() over (partition by key order by "sequence") = 1
        ) as done
        where other.key = done.key and other.asked is null
        """,
        offsets);

    /// <summary>Removes events. Returns their number.</summary>
    public long Remove(DuckDBConnection writer, IEnumerable<(LogPartition Partition, long Offset)> offsets) =>
        Execute(writer, $"delete from {table} where {AtOffsets}", offsets);

    private static long Execute(DuckDBConnection writer, string sql, IEnumerable<(LogPartition Partition, long Offset)> offsets) =>
        offsets.GroupBy(offset => offset.Partition).Sum(group => (long)writer.Execute(
            sql,
            new DuckDBParameter(group.Key.Log),
            new DuckDBParameter(group.Key.Partition),
            new DuckDBParameter(group.Select(offset => offset.Offset).ToList())));

    private bool Update(DuckDBConnection writer, LogRecord record, string? reason) => writer.Execute(
        $"update {table} set reason = $4, asked = null where \"log\" = $1 and \"partition\" = $2 and \"offset\" = $3",
        new DuckDBParameter(record.Log),
        new DuckDBParameter(record.Partition),
        new DuckDBParameter(record.Offset),
        new DuckDBParameter((object?)reason ?? DBNull.Value)) > 0;

    private List<T> Read<T>(string sql, Func<Tables.DuckDbLine, T> read, params DuckDBParameter[] parameters)
    {
        using var connection = instance.Connect();
        return connection.Query(sql, read, parameters);
    }
}
