using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>
/// Finds events of a module's log, in the order of time, with the role that may only SELECT it. Each query is one short statement with a
/// timeout, since an open snapshot keeps every old version of the counter rows.
/// </summary>
/// <param name="log">The log.</param>
public sealed class LogSearch(PostgresLog log)
{
    private const int TimeoutSeconds = 5;
    private const int StreamBatchSize = 1_000;

    private readonly string select = $"select {RecordColumns.All} from {log.Database.Schema}.events";

    /// <summary>The log.</summary>
    public PostgresLog Log => log;

    /// <summary>Reads the first events that match a filter, ordered by time, stream and version.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="limit">The maximum number of events.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="TimeoutException">The query took longer than 5 seconds.</exception>
    public Task<List<LogRecord>> ListAsync(LogFilter filter, int limit, CancellationToken cancellation)
    {
        var conditions = new List<string>();
        var command = log.Database.Reader.CreateCommand();
        if (filter.StreamId is { } stream)
            conditions.Add($"stream_id = {Parameter(command, stream)}");
        if (filter.Type is { } type)
            conditions.Add($"type = {Parameter(command, type)}");
        if (filter.CorrelationId is { } correlation)
            conditions.Add($"correlation_id = {Parameter(command, correlation)}");
        if (filter.CausationId is { } causation)
            conditions.Add($"causation_id = {Parameter(command, causation)}");
        if (filter.From is { } from)
            conditions.Add($"occurred_at >= {Parameter(command, from.ToUniversalTime())}");
        if (filter.To is { } to)
            conditions.Add($"occurred_at < {Parameter(command, to.ToUniversalTime())}");
        if (filter.After is { } after)
        {
            var time = Parameter(command, after.OccurredAt);
            var (afterStream, afterVersion) = (Parameter(command, after.StreamId), Parameter(command, after.StreamVersion));
            // The first condition can use the index on occurred_at.
            conditions.Add($"occurred_at >= {time} and (occurred_at, stream_id, stream_version) > ({time}, {afterStream}, {afterVersion})");
        }

        var where = conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";
        var order = $"order by occurred_at, stream_id, stream_version limit {Parameter(command, limit)}";
        // A stream, a correlation or a causation has few events, which are found by their own index and then sorted. Without statistics,
        // PostgreSQL would scan the whole log in the order of time instead.
        command.CommandText = filter is { StreamId: null, CorrelationId: null, CausationId: null }
            ? $"{select}{where} {order}"
            : $"with few as materialized ({select}{where}) select {RecordColumns.All} from few {order}";
        return ReadAsync(command, cancellation);
    }

    /// <summary>Reads an event by its id.</summary>
    /// <param name="eventId">The id of the event.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The event; null if the log does not have it.</returns>
    public async Task<LogRecord?> FindAsync(Guid eventId, CancellationToken cancellation)
    {
        var command = log.Database.Reader.CreateCommand();
        command.CommandText = $"{select} where event_id = {Parameter(command, eventId)}";
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>Reads all events of a stream, in the order of their versions.</summary>
    /// <param name="streamId">The id of the stream.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The events; empty if the log does not have the stream.</returns>
    public async Task<List<LogRecord>> StreamAsync(Guid streamId, CancellationToken cancellation)
    {
        var stream = new List<LogRecord>();
        while (true)
        {
            var command = log.Database.Reader.CreateCommand();
            var (id, version) = (Parameter(command, streamId), Parameter(command, (long)stream.Count));
            command.CommandText =
                $"{select} where stream_id = {id} and stream_version > {version} order by stream_version limit {StreamBatchSize}";
            var batch = await ReadAsync(command, cancellation);
            stream.AddRange(batch);
            if (batch.Count < StreamBatchSize)
                return stream;
        }
    }

    /// <summary>Reads the heads of the log and the times of its earliest and latest events.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task<LogSummary> SummaryAsync(CancellationToken cancellation)
    {
        var heads = await new PostgresLogReader(log, log.Database.Reader).HeadsAsync(cancellation);
        await using var command = log.Database.Reader.CreateCommand(
            $"select min(occurred_at), max(occurred_at) from {log.Database.Schema}.events");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new LogSummary(heads, Time(row, 0), Time(row, 1));
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static string Parameter<T>(NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return $"${command.Parameters.Count}";
    }

    private async Task<List<LogRecord>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            command.CommandTimeout = TimeoutSeconds;
            try
            {
                var records = new List<LogRecord>();
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation))
                    records.Add(RecordColumns.Read(log, reader));
                return records;
            }
            catch (NpgsqlException exception) when (exception.InnerException is TimeoutException)
            {
                throw new TimeoutException($"The search in {log.Name} took more than {TimeoutSeconds} s.", exception);
            }
        }
    }
}

/// <summary>Selects events of a log. Properties that are null match all events.</summary>
public sealed record LogFilter
{
    /// <summary>The id of the stream.</summary>
    public Guid? StreamId { get; init; }

    /// <summary>The versioned type name, as it is stored.</summary>
    public string? Type { get; init; }

    /// <summary>The id of the external request that the events follow from.</summary>
    public Guid? CorrelationId { get; init; }

    /// <summary>The id of the event that led to the events.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>The earliest time, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The latest time, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only events after this cursor.</summary>
    public EventCursor? After { get; init; }
}

/// <summary>The size and the time range of a log.</summary>
/// <param name="Heads">The next offset of each partition, in the order of the partitions.</param>
/// <param name="FirstAt">The time of the earliest event; null if the log is empty.</param>
/// <param name="LastAt">The time of the latest event; null if the log is empty.</param>
public sealed record LogSummary(IReadOnlyList<long> Heads, DateTimeOffset? FirstAt, DateTimeOffset? LastAt);
