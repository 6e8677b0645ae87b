using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>
/// Looks into a module's log in the order of time, as the role that may only SELECT it. Each answer is one short statement: a search that takes longer is given up, since an open snapshot keeps every old
/// version of the counter rows.
/// </summary>
/// <param name="log">The log.</param>
public sealed class LogSearch(PostgresLog log)
{
    private const int MostSeconds = 5;
    private const int StreamPage = 1_000;

    private readonly string select = $"select {RecordColumns.All} from {log.Database.Schema}.events";

    /// <summary>The log.</summary>
    public PostgresLog Log => log;

    /// <summary>The first events that fit a filter, in the order of their places.</summary>
    /// <param name="filter">Which events.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">The search took too long.</exception>
    public Task<List<LogRecord>> ListAsync(LogFilter filter, int most, CancellationToken cancellation)
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
            // The first half is what the index understands.
            conditions.Add($"occurred_at >= {time} and (occurred_at, stream_id, stream_version) > ({time}, {Parameter(command, after.StreamId)}, {Parameter(command, after.StreamVersion)})");
        }

        var where = conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";
        var order = $"order by occurred_at, stream_id, stream_version limit {Parameter(command, most)}";
        // A few events, found by their own index and sorted then. Where PostgreSQL has no statistics yet it would rather walk through all of the log in the order of time, for want of a reason not to.
        command.CommandText = filter is { StreamId: null, CorrelationId: null, CausationId: null }
            ? $"{select}{where} {order}"
            : $"with few as materialized ({select}{where}) select {RecordColumns.All} from few {order}";
        return ReadAsync(command, cancellation);
    }

    /// <summary>One event; null where the log has none of this id.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<LogRecord?> FindAsync(Guid eventId, CancellationToken cancellation)
    {
        var command = log.Database.Reader.CreateCommand();
        command.CommandText = $"{select} where event_id = {Parameter(command, eventId)}";
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>All events of one aggregate, in their order; none where the log does not have it.</summary>
    /// <param name="streamId">The aggregate.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<LogRecord>> StreamAsync(Guid streamId, CancellationToken cancellation)
    {
        var stream = new List<LogRecord>();
        while (true)
        {
            var command = log.Database.Reader.CreateCommand();
            command.CommandText =
                $"{select} where stream_id = {Parameter(command, streamId)} and stream_version > {Parameter(command, (long)stream.Count)} order by stream_version limit {StreamPage}";
            var page = await ReadAsync(command, cancellation);
            stream.AddRange(page);
            if (page.Count < StreamPage)
                return stream;
        }
    }

    /// <summary>How much the log holds.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<LogSummary> ExtentAsync(CancellationToken cancellation)
    {
        var heads = await new PostgresLogReader(log, log.Database.Reader).HeadsAsync(cancellation);
        await using var command = log.Database.Reader.CreateCommand($"select min(occurred_at), max(occurred_at) from {log.Database.Schema}.events");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new LogSummary(heads, Time(row, 0), Time(row, 1));
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static string Parameter<T>(NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return $"${command.Parameters.Count}";
    }

    private async Task<List<LogRecord>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            command.CommandTimeout = MostSeconds;
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
                throw new TimeoutException($"The search in {log.Name} took more than {MostSeconds} s.", exception);
            }
        }
    }
}
