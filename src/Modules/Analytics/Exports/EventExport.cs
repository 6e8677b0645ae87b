using System.Text;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// The events themselves, read from the logs by the transport, from offset 0 to where the logs end when it begins. Nothing of them is kept here, so that what is erased from the logs is not left behind.
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

    public async Task WriteAsync(string path, DateTimeOffset? until, CancellationToken cancellation)
    {
        var heads = new Dictionary<LogPartition, long>();
        foreach (var log in Logs)
        {
            foreach (var (partition, head) in await transport.HeadsAsync(log, cancellation))
                heads.Add(partition, head);
        }

        using var file = rows.Begin(path, Columns);
        await ReadAsync(heads, record =>
        {
            if (until is null || record.OccurredAt <= until)
                file.Append(record);
        }, cancellation);
        file.Write(cancellation);
    }

    private async Task ReadAsync(Dictionary<LogPartition, long> heads, Action<LogRecord> take, CancellationToken cancellation)
    {
        var places = heads.Keys.ToDictionary(partition => partition, partition => new StartPoint(partition, 1, 0, null, 0, null));
        var left = heads.Count(head => head.Value > 0);
        if (left == 0)
            return;

        var group = $"monolith.analytics.export.{Guid.CreateVersion7():n}";
        var progress = new Lock();
        try
        {
            await using var reader = transport.Open(new Subscription(group, Logs, (partitions, _) =>
            {
                lock (progress)
                    return Task.FromResult<IReadOnlyList<StartPoint>>([.. partitions.Select(partition => places.GetValueOrDefault(partition) ?? new StartPoint(partition, 1, 0, null, 0, null))]);
            }));
            await foreach (var happened in reader.Events.ReadAllAsync(cancellation))
            {
                if (happened is ReaderEvent.Refused refused)
                    throw new InvalidOperationException($"{refused.Partition} cannot be exported: {refused.Reason}");
                if (happened is not ReaderEvent.Read read)
                    continue;
                foreach (var record in read.Records)
                {
                    var partition = new LogPartition(record.Log, record.Partition);
                    if (!places.TryGetValue(partition, out var place) || record.Offset != place.NextOffset || record.Offset >= heads[partition])
                        continue;
                    take(record);
                    lock (progress)
                        places[partition] = place with { NextOffset = record.Offset + 1, LastEventId = record.EventId, Position = record.Position };
                    if (record.Offset + 1 == heads[partition] && --left == 0)
                        return;
                }
            }
        }
        finally
        {
            await ForgetAsync(group);
        }
    }

    // The broker forgets a group without members by itself, later.
    private async Task ForgetAsync(string group)
    {
        try
        {
            await transport.ForgetAsync(group, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Nothing depends on it.
        }
    }
}
