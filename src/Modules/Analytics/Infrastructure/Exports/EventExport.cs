using System.Text;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics.Infrastructure.Exports;

/// <summary>
/// Exports the events of the logs, from offset 0 to the heads at the start. Finished files are cached for 15 minutes at most, so later
/// files do not contain events that were erased from the logs.
/// </summary>
internal sealed class EventExport(IEventTransport transport, IParquetRows rows)
{
    private static readonly DuckDbColumns<LogRecord> Columns = new DuckDbColumns<LogRecord>()
        .Text("log", record => record.Log)
        .Whole("partition", record => record.Partition)
        .Large("offset", record => record.Offset)
        .Text("event_id", record => record.EventId.ToString())
        .Text("stream_id", record => record.StreamId.ToString())
        .Large("stream_version", record => record.StreamVersion)
        .Text("type", record => record.Type)
        .Time("occurred_at", record => record.OccurredAt)
        .Text("actor", record => record.Actor)
        .Text("correlation_id", record => record.CorrelationId.ToString())
        .Text("causation_id", record => record.CausationId?.ToString())
        .Text("traceparent", record => record.TraceParent)
        .Text("data", record => Encoding.UTF8.GetString(record.Data.Span));

    private readonly LogRangeReader logs = new(transport, CustomersTopic.Name, OrdersTopic.Name);

    /// <summary>The maximum time without an event.</summary>
    public TimeSpan IdleTimeout
    {
        init => logs = new LogRangeReader(transport, CustomersTopic.Name, OrdersTopic.Name) { IdleTimeout = value };
    }

    /// <summary>The current heads of the logs.</summary>
    /// <exception cref="EventsUnavailableException">The transport does not answer.</exception>
    public Task<Dictionary<LogPartition, long>> HeadsAsync(CancellationToken cancellation) => logs.HeadsAsync(cancellation);

    /// <summary>Writes the events below the heads to a file.</summary>
    /// <exception cref="EventsUnavailableException">The transport does not answer, or lacks events.</exception>
    public async Task WriteAsync(string path, Dictionary<LogPartition, long> heads, DateTimeOffset? until, CancellationToken cancellation)
    {
        using var file = rows.Begin(path, Columns);
        await logs.ReadAsync(heads, record =>
        {
            if (until is null || record.OccurredAt <= until)
                file.Append(record);
        }, cancellation);
        file.Write(cancellation);
    }
}
