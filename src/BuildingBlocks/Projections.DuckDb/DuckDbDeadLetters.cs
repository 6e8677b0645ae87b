using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>The parked events of one generation.</summary>
internal sealed class DuckDbDeadLetters(DuckDbInstance instance, string catalog)
{
    private const string Envelope = "\"log\", \"partition\", \"offset\", event_id, stream_id, stream_version, type, data, occurred_at, actor, correlation_id, causation_id, traceparent";

    private const string Place = "\"log\" = $1 and \"partition\" = $2 and \"offset\" in (select unnest($3))";

    private readonly string table = $"{catalog}.main.{DuckDbSchema.DeadLetters}";

    public DeadLetterCount Count() => Read($"select count(*), count(asked) from {table}", line => new DeadLetterCount(line.Large(), line.Large())).Single();

    public HashSet<string> Keys() => [.. Read($"select distinct key from {table}", line => line.Text())];

    public List<DeadLetter> List(string projection, int generation, long after, int limit) => Read(
        $"select key, event_id, type, \"log\", \"partition\", \"offset\", reason, parked_at, asked, \"sequence\" from {table} where \"sequence\" > $1 order by \"sequence\" limit $2",
        line => new DeadLetter(
            projection, generation, line.Text(), line.Uuid(), line.Text(), line.Text(), line.Whole(), line.Large(), line.TextOrNull(), line.Time(), line.TextOrNull(), line.Large()),
        new DuckDBParameter(after),
        new DuckDBParameter(limit));

    public long Ask(DuckDBConnection writer, string? key, DeadLetterRequest request, Guid operation)
    {
        var (filter, parameters) = key is null ? ("", Array.Empty<DuckDBParameter>()) : (" where key = $3", [new DuckDBParameter(key)]);
        return writer.Execute($"update {table} set asked = $1, operation = $2{filter}", [new(request.ToString().ToLowerInvariant()), new(operation), .. parameters]);
    }

    /// <summary>The first event of a key tells whether anybody still has to look at it.</summary>
    public RequestProgress Progress(Guid operation) => Read(
        $"""
        select count(*) filter (where asked is not null), (select count(*) from {table} where operation = $1)
        from (select asked, operation from {table} qualify row_number() over (partition by key order by "sequence") = 1) where operation = $1
        """,
        line => new RequestProgress(line.Large(), line.Large()),
        new DuckDBParameter(operation)).Single();

    public void Forget(DuckDBConnection writer, Guid operation) => writer.Execute($"update {table} set asked = null, operation = null where operation = $1", new DuckDBParameter(operation));

    /// <summary>Keys whose first event is asked for and lies in one of some partitions, with their first events.</summary>
    public List<(string Key, DeadLetterRequest Asked, Guid Operation, List<LogRecord> Records)> Asked(IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey)
    {
        var firsts = Read(
            $"select key, asked, operation, \"log\", \"partition\" from {table} qualify row_number() over (partition by key order by \"sequence\") = 1 order by key",
            line => (Key: line.Text(), Asked: line.TextOrNull(), Operation: line.UuidOrNull(), Partition: new LogPartition(line.Text(), line.Whole())));
        return
        [
            .. firsts.Where(first => first.Asked is not null && owned.Contains(first.Partition)).Take(maxKeys).Select(first => (
                first.Key,
                Enum.Parse<DeadLetterRequest>(first.Asked!, ignoreCase: true),
                first.Operation!.Value,
                Read($"select {Envelope} from {table} where key = $1 order by \"sequence\" limit $2", DuckDbSchema.Record, new DuckDBParameter(first.Key), new DuckDBParameter(maxEventsPerKey)))),
        ];
    }

    /// <summary>Parks events; one that is parked already keeps its place. Says how many there are more.</summary>
    public long Park(DuckDbFile.Turn turn, IEnumerable<(string Key, LogRecord Record, string? Reason)> parked, DateTimeOffset now)
    {
        var more = 0L;
        using var appender = turn.Writer.CreateAppender(catalog, "main", DuckDbSchema.DeadLetters);
        foreach (var (key, record, reason) in parked)
        {
            if (turn.File.Parked > 0 && Excuse(turn.Writer, record, reason))
                continue;
            var line = appender.CreateRow();
            DuckDbSchema.DeadLetterColumns.Append(line, new DuckDbSchema.ParkedLine(turn.TakeSequence(), key, record, reason, now));
            line.EndRow();
            more++;
        }

        return more;
    }

    /// <summary>
    /// Gives what was asked of events that are about to be removed to all that is parked of their keys still: what is asked is asked of the key, and of one that was parked after the asking nobody else would
    /// know. Comes before anything is parked again, since what says why it cannot be applied is no longer asked for.
    /// </summary>
    public void HandOn(DuckDBConnection writer, IEnumerable<(LogPartition Partition, long Offset)> places) => AtPlaces(
        writer,
        $"""
        update {table} as letter set asked = done.asked, operation = done.operation
        from (
            select key, asked, operation from {table} where {Place} and asked is not null qualify row_number() over (partition by key order by "sequence") = 1
        ) as done
        where letter.key = done.key and letter.asked is null
        """,
        places);

    /// <summary>Removes events that are parked no longer. Says how many.</summary>
    public long Unpark(DuckDBConnection writer, IEnumerable<(LogPartition Partition, long Offset)> places) => AtPlaces(writer, $"delete from {table} where {Place}", places);

    private static long AtPlaces(DuckDBConnection writer, string sql, IEnumerable<(LogPartition Partition, long Offset)> places) => places.GroupBy(place => place.Partition).Sum(group => (long)writer.Execute(
        sql, new DuckDBParameter(group.Key.Log), new DuckDBParameter(group.Key.Partition), new DuckDBParameter(group.Select(place => place.Offset).ToList())));

    private bool Excuse(DuckDBConnection writer, LogRecord record, string? reason) => writer.Execute(
        $"update {table} set reason = $4, asked = null where \"log\" = $1 and \"partition\" = $2 and \"offset\" = $3",
        new DuckDBParameter(record.Log), new DuckDBParameter(record.Partition), new DuckDBParameter(record.Offset), new DuckDBParameter((object?)reason ?? DBNull.Value)) > 0;

    private List<T> Read<T>(string sql, Func<Tables.DuckDbLine, T> read, params DuckDBParameter[] parameters)
    {
        using var connection = instance.Connect();
        return connection.Query(sql, read, parameters);
    }
}
