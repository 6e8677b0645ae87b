using System.Runtime.CompilerServices;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>
/// The transport for a single process: readers read the logs of the modules directly, each log with its own reader role. Partitions and
/// offsets are those of the logs.
/// </summary>
internal sealed class InProcessTransport(IEnumerable<PostgresLog> logs) : IEventTransport
{
    /// <summary>The only incarnation: the positions of records are the offsets of the log.</summary>
    public const string Source = "log";

    private readonly Dictionary<string, PostgresLog> logs = logs.ToDictionary(log => log.Name);

    public bool IsCopy => false;

    public IEventReader Open(Subscription subscription)
    {
        var missing = subscription.Logs.FirstOrDefault(name => !logs.ContainsKey(name));
        return missing is null
            ? new InProcessReader(subscription, [.. subscription.Logs.Select(name => logs[name])])
            : throw UnknownLog(subscription.Group, missing);
    }

    public async Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) =>
        await logs[log].HeadsAsync(cancellation);

    // Nothing is stored for a group.
    public Task DeleteGroupAsync(string group, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<LogHead>> PartitionHeadsAsync(string log, CancellationToken cancellation)
    {
        var local = logs.GetValueOrDefault(log) ?? throw UnknownLog("A reactor", log);
        var heads = await new PostgresLogReader(local, local.Database.Reader).PartitionHeadsAsync(cancellation);
        return
        [
            .. from head in heads
            let source = head.LastEventId is null ? null : Source
            select new LogHead(new LogPartition(log, head.Partition), head.NextOffset, head.LastEventId, head.NextOffset - 1, source),
        ];
    }

    public async IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(
        IReadOnlyDictionary<LogPartition, long> from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A reader whose checkpoints are the given offsets and never move.
        string[] followed = [.. from.Keys.Select(partition => partition.Log).Distinct()];
        var subscription = new Subscription("A follower", followed, (partitions, _) => Task.FromResult(CheckpointsOf(partitions, from)));
        await using var reader = Open(subscription);
        await foreach (var readerEvent in reader.Events.ReadAllAsync(cancellation))
        {
            if (readerEvent is not ReaderEvent.RecordsRead read)
                continue;
            // The event before the checkpoint of a partition is read too.
            LogRecord[] wanted = [.. read.Records.Where(record => record.Offset >= from[new LogPartition(record.Log, record.Partition)])];
            if (wanted.Length > 0)
                yield return wanted;
        }
    }

    public async Task<IReadOnlyDictionary<LogPartition, long>> OffsetsSinceAsync(
        string log, DateTimeOffset since, CancellationToken cancellation)
    {
        var local = logs.GetValueOrDefault(log) ?? throw UnknownLog("A follower", log);
        var search = new OffsetSearch(new PostgresLogReader(local, local.Database.Reader));
        var offsets = await search.SinceAsync(since - IEventTransport.MaxClockSkew, cancellation);
        return offsets.Index().ToDictionary(entry => new LogPartition(log, entry.Index), entry => entry.Item);
    }

    private static IReadOnlyList<Checkpoint> CheckpointsOf(
        IReadOnlyList<LogPartition> partitions, IReadOnlyDictionary<LogPartition, long> from) =>
        [.. partitions.Select(partition => new Checkpoint(partition, Epoch: 1, from[partition], LastEventId: null, Position: 0, Source))];

    private static InvalidOperationException UnknownLog(string reader, string log) => new(
        $"{reader} reads {log}, whose module does not run in this process: "
        + "set Transport=Kafka, or add the module to the setting 'Modules'.");
}
