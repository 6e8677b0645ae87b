namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>Reads complete logs once, from offset 0 to given heads, without a consumer group or checkpoints.</summary>
/// <param name="transport">The transport.</param>
/// <param name="logs">The logs, by the names of their topics.</param>
public sealed class LogRangeReader(IEventTransport transport, params IReadOnlyList<string> logs)
{
    /// <summary>The maximum time without a record: a working transport delivers the first one within a second.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The current heads of all partitions of the logs.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="EventsUnavailableException">The transport does not answer.</exception>
    public async Task<Dictionary<LogPartition, long>> HeadsAsync(CancellationToken cancellation)
    {
        var heads = new Dictionary<LogPartition, long>();
        foreach (var log in logs)
        {
            foreach (var (partition, head) in await transport.HeadsAsync(log, cancellation))
                heads.Add(partition, head);
        }

        return heads;
    }

    /// <summary>Reads all records below the heads; records of a partition are in offset order.</summary>
    /// <param name="heads">The heads.</param>
    /// <param name="read">Called with each record.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="EventsUnavailableException">The transport does not answer, or lacks records.</exception>
    public async Task ReadAsync(IReadOnlyDictionary<LogPartition, long> heads, Action<LogRecord> read, CancellationToken cancellation)
    {
        if (await MissingAsync(heads, cancellation) is { } missing)
            throw new EventsUnavailableException(missing);
        var incomplete = heads.Values.Count(head => head > 0);
        if (incomplete == 0)
            return;
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        reading.CancelAfter(IdleTimeout);
        try
        {
            await foreach (var records in transport.FollowAsync(heads.Keys.ToDictionary(partition => partition, _ => 0L), reading.Token))
            {
                foreach (var record in records)
                {
                    var head = heads[new LogPartition(record.Log, record.Partition)];
                    if (record.Offset >= head)
                        continue;
                    read(record);
                    reading.CancelAfter(IdleTimeout);
                    if (record.Offset + 1 == head && --incomplete == 0)
                        return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new EventsUnavailableException(
                $"No event arrived for {IdleTimeout.TotalSeconds:0} s, and {incomplete} partitions are incomplete. "
                + "The transport does not answer, or lacks events: see /health/ready.");
        }

        throw new EventsUnavailableException("The transport ended before all events were read.");
    }

    private async Task<string?> MissingAsync(IReadOnlyDictionary<LogPartition, long> heads, CancellationToken cancellation)
    {
        foreach (var log in logs)
        {
            foreach (var (partition, deleted) in await transport.DeletedRecordsAsync(log, cancellation))
            {
                if (heads.GetValueOrDefault(partition) > 0)
                    return deleted.Reason;
            }
        }

        return null;
    }
}
