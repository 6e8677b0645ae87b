using System.Runtime.CompilerServices;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.InMemory;

/// <summary>
/// The transport for logs of this process that need no broker and no database: readers take the events from the logs themselves.
/// </summary>
/// <param name="logs">The logs.</param>
public sealed class InMemoryTransport(params IReadOnlyList<IEventLog> logs) : IEventTransport
{
    internal const string Source = "log";

    private readonly Dictionary<string, IEventLog> logs = logs.ToDictionary(log => log.Name);

    /// <inheritdoc />
    public bool IsCopy => false;

    /// <inheritdoc />
    public IEventReader Open(Subscription subscription) =>
        new InMemoryReader(subscription, [.. subscription.Logs.Select(name => logs[name])]);

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) =>
        logs[log].HeadsAsync(cancellation);

    /// <inheritdoc />
    public Task DeleteGroupAsync(string group, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task<IReadOnlyList<LogHead>> PartitionHeadsAsync(string log, CancellationToken cancellation) =>
    [
        .. (await logs[log].PartitionHeadsAsync(cancellation)).Select(head => new LogHead(
            new LogPartition(log, head.Partition), head.NextOffset, head.LastEventId, head.NextOffset - 1, head.LastEventId is null
                ? null
                : Source)),
    ];

    /// <inheritdoc />
    public async IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(
        IReadOnlyDictionary<LogPartition, long> from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A reader whose checkpoints never move.
        await using var reader = Open(new Subscription(
            "follower",
            [.. from.Keys.Select(partition => partition.Log).Distinct()],
            (partitions, _) => Task.FromResult<IReadOnlyList<Checkpoint>>(
                [
                    .. partitions.Select(
                        partition => new Checkpoint(partition, Epoch: 1, from[partition], LastEventId: null, Position: 0, Source))
                ])));
        await foreach (var happened in reader.Events.ReadAllAsync(cancellation))
        {
            if (happened is not ReaderEvent.RecordsRead read)
                continue;
            // Of each partition the event before its offset comes too.
            LogRecord[] wanted =
                [.. read.Records.Where(record => record.Offset >= from[new LogPartition(record.Log, record.Partition)])];
            if (wanted.Length > 0)
                yield return wanted;
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<LogPartition, long>> OffsetsSinceAsync(
        string log, DateTimeOffset since, CancellationToken cancellation)
    {
        var all = new List<LogRecord>();
        await logs[log].ReadAsync(
            [.. Enumerable.Range(0, logs[log].Partitions).Select(partition => new PartitionOffset(partition, 0))],
            int.MaxValue,
            all,
            cancellation);
        var heads = await logs[log].HeadsAsync(cancellation);
        return heads.ToDictionary(
            head => head.Key,
            head =>
                all.FirstOrDefault(
                    record => record.Partition == head.Key.Partition && record.OccurredAt >= since - IEventTransport.MaxClockSkew)
                ?.Offset ?? head.Value);
    }
}
