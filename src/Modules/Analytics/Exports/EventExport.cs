using System.Text;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// The events themselves, read from the logs by the transport, from offset 0 to the heads at the beginning. Finished files are kept for
/// ranges, 15 minutes at most: events that are erased from the logs are in no later file.
/// A transport that does not answer, or lacks events, ends the export with a reason.
/// </summary>
internal sealed class EventExport(IEventTransport transport, IParquetRows rows)
{
    private static readonly string[] Logs = [CustomersTopic.Name, OrdersTopic.Name];

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

    /// <summary>How long no wanted event may come: a transport that works brings the first within a second, and then goes on.</summary>
    public TimeSpan ReadsWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Why there is no file.</summary>
    /// <param name="reason">What keeps it.</param>
    public static Error Unavailable(string reason) => new(ErrorKind.Unavailable, "events-unavailable", "The events cannot be read", reason);

    /// <summary>The heads of the logs: an export that begins now holds the events below them.</summary>
    /// <exception cref="EventsUnavailableException">The transport does not answer.</exception>
    public async Task<Dictionary<LogPartition, long>> HeadsAsync(CancellationToken cancellation)
    {
        var heads = new Dictionary<LogPartition, long>();
        foreach (var log in Logs)
        {
            foreach (var (partition, head) in await transport.HeadsAsync(log, cancellation))
                heads.Add(partition, head);
        }

        return heads;
    }

    /// <summary>Writes the events below the heads to a file.</summary>
    /// <exception cref="EventsUnavailableException">The transport does not answer, or lacks events.</exception>
    public async Task WriteAsync(string path, Dictionary<LogPartition, long> heads, DateTimeOffset? until, CancellationToken cancellation)
    {
        if (await MissingAsync(heads, cancellation) is { } missing)
            throw new EventsUnavailableException(missing);

        using var file = rows.Begin(path, Columns);
        await ReadAsync(heads, record =>
        {
            if (until is null || record.OccurredAt <= until)
                file.Append(record);
        }, cancellation);
        file.Write(cancellation);
    }

    private async Task<string?> MissingAsync(Dictionary<LogPartition, long> heads, CancellationToken cancellation)
    {
        foreach (var log in Logs)
        {
            foreach (var (partition, deleted) in await transport.DeletedRecordsAsync(log, cancellation))
            {
                if (heads.GetValueOrDefault(partition) > 0)
                    return deleted.Reason;
            }
        }

        return null;
    }

    private async Task ReadAsync(Dictionary<LogPartition, long> heads, Action<LogRecord> take, CancellationToken cancellation)
    {
        var left = heads.Values.Count(head => head > 0);
        if (left == 0)
            return;
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        reading.CancelAfter(ReadsWithin);
        try
        {
            await foreach (var records in transport.FollowAsync(heads.Keys.ToDictionary(partition => partition, _ => 0L), reading.Token))
            {
                foreach (var record in records)
                {
                    var head = heads[new LogPartition(record.Log, record.Partition)];
                    if (record.Offset >= head)
                        continue;
                    take(record);
                    reading.CancelAfter(ReadsWithin);
                    if (record.Offset + 1 == head && --left == 0)
                        return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new EventsUnavailableException(
                $"No event arrived for {ReadsWithin.TotalSeconds:0} s, and {left} partitions are incomplete. "
                + "The transport does not answer, or lacks events: see /health/ready.");
        }

        throw new EventsUnavailableException("The transport ended before the events that were to be exported.");
    }
}
