using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Reports deleted records of a reader's partitions, each change once.</summary>
/// <param name="logs">The logs that the reader reads.</param>
/// <param name="find">Returns the deleted records of a topic; the same instance until something has changed.</param>
/// <param name="sources">The incarnations of the topics.</param>
internal sealed class DeletedRecordReports(
    IReadOnlyList<string> logs, Func<string, IReadOnlyDictionary<int, DeletedRecords>> find, TopicSources sources)
{
    private readonly Dictionary<LogPartition, DeletedRecords> reported = [];
    private readonly Dictionary<string, IReadOnlyDictionary<int, DeletedRecords>> compared = [];

    /// <summary>
    /// The deleted records of a partition. What was found in another incarnation of the topic says nothing about this one.
    /// </summary>
    public DeletedRecords? Of(LogPartition partition)
    {
        var records = find(partition.Log).GetValueOrDefault(partition.Partition);
        return records is not null && records.Source == sources.Of(partition.Log) ? records : null;
    }

    public void Forget(IEnumerable<LogPartition> partitions)
    {
        foreach (var partition in partitions)
            reported.Remove(partition);
    }

    /// <summary>Reports what was found since the last call, by this reader or by another one.</summary>
    public void ReportChanges(PartitionStarts starts, Action<ReaderEvent> publish)
    {
        foreach (var log in logs)
        {
            var now = find(log);
            if (compared.GetValueOrDefault(log) == now)
                continue;
            compared[log] = now;
            foreach (var partition in starts.StartedIn(log))
                Report(partition, Of(partition), publish);
        }
    }

    /// <summary>Reports the deleted records of a partition that was just assigned. Earlier reports about it no longer count.</summary>
    public void ReportAssigned(LogPartition partition, DeletedRecords? records, Action<ReaderEvent> publish)
    {
        reported.Remove(partition);
        Report(partition, records, publish);
    }

    private void Report(LogPartition partition, DeletedRecords? records, Action<ReaderEvent> publish)
    {
        if (reported.GetValueOrDefault(partition) == records)
            return;
        if (records is null)
            reported.Remove(partition);
        else
            reported[partition] = records;
        publish(new ReaderEvent.RecordsDeleted(partition, records));
    }
}
