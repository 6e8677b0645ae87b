using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Testing.Events;

/// <summary>Receives and records all events of a reader.</summary>
internal sealed class ReaderProbe : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(45);
    private const int MaxOfHistory = 60;

    private readonly Lock gate = new();
    private readonly List<ReaderEvent> received = [];
    private readonly IEventReader reader;
    private Task taking = Task.CompletedTask;

    private ReaderProbe(IEventReader reader, MemoryCheckpoints checkpoints)
    {
        this.reader = reader;
        Checkpoints = checkpoints;
    }

    public ReaderProbe(IEventTransport transport, string group, MemoryCheckpoints checkpoints, params string[] logs)
        : this(transport.Open(new Subscription(group, logs, checkpoints.TakeAsync)), checkpoints) => Take();

    /// <summary>A probe that receives nothing until <see cref="Take"/> is called.</summary>
    public static ReaderProbe Idle(IEventTransport transport, string group, MemoryCheckpoints checkpoints, params string[] logs) =>
        new(transport.Open(new Subscription(group, logs, checkpoints.TakeAsync)), checkpoints);

    /// <summary>Starts to receive events.</summary>
    public void Take() => taking = Task.Run(TakeAsync);

    /// <summary>The number of buffered events that were not received.</summary>
    public int Waiting => reader.Events.Count;

    public MemoryCheckpoints Checkpoints { get; }

    /// <summary>Completes with the reader.</summary>
    public Task Completion => reader.Events.Completion;

    /// <summary>All events received so far, in order.</summary>
    public ReaderEvent[] Received
    {
        get
        {
            lock (gate)
                return [.. received];
        }
    }

    /// <summary>The valid records: those of each partition since its last assignment.</summary>
    public LogRecord[] Records
    {
        get
        {
            var (owned, records) = (new HashSet<LogPartition>(), new List<LogRecord>());
            foreach (var happened in Received)
            {
                switch (happened)
                {
                    case ReaderEvent.Assigned assigned:
                        owned.UnionWith(assigned.Checkpoints.Select(point => point.Partition));
                        records.RemoveAll(record => assigned.Checkpoints.Any(point => point.Partition == PartitionOf(record)));
                        break;
                    case ReaderEvent.Revoked revoked:
                        owned.ExceptWith(revoked.Partitions);
                        break;
                    case ReaderEvent.RecordsRead read:
                        records.AddRange(read.Records.Where(record => owned.Contains(PartitionOf(record))));
                        break;
                }
            }

            return [.. records];
        }
    }

    public Checkpoint[] Points => [.. Received.OfType<ReaderEvent.Assigned>().SelectMany(assigned => assigned.Checkpoints)];

    /// <summary>The partitions that are currently assigned to the reader.</summary>
    public HashSet<LogPartition> Owned
    {
        get
        {
            var owned = new HashSet<LogPartition>();
            foreach (var happened in Received)
            {
                if (happened is ReaderEvent.Assigned assigned)
                    owned.UnionWith(assigned.Checkpoints.Select(point => point.Partition));
                else if (happened is ReaderEvent.Revoked revoked)
                    owned.ExceptWith(revoked.Partitions);
            }

            return owned;
        }
    }

    public LogRecord[] Of(LogPartition partition) => [.. Records.Where(record => PartitionOf(record) == partition)];

    public string SourceOf(string log) =>
        Received.OfType<ReaderEvent.Assigned>().Last(assigned => assigned.Sources.ContainsKey(log)).Sources[log];

    /// <summary>Whether the last event of a partition reports that the reader has caught up.</summary>
    public bool HasEnded(LogPartition partition) => Received.LastOrDefault(happened => happened switch
    {
        ReaderEvent.RecordsRead read => read.Records.Any(record => PartitionOf(record) == partition),
        ReaderEvent.CaughtUp ended => ended.Partitions.Contains(partition),
        _ => false,
    }) is ReaderEvent.CaughtUp;

    public Task UntilAsync(string what, Func<ReaderProbe, bool> holds) =>
        Eventually.HoldsAsync(Timeout, () => Task.FromResult(holds(this) ? null : $"{what}; received: {Story()}"));

    public Task UntilRecordsAsync(int count) => UntilAsync($"{count} records", probe => probe.Records.Length >= count);

    /// <summary>Reports that the checkpoint of a partition was lost, with the epoch of its last assignment.</summary>
    public void Reassign(LogPartition partition) => reader.Reassign([new LostPartition(partition, EpochOf(partition))]);

    private long EpochOf(LogPartition partition) =>
        Received.OfType<ReaderEvent.Assigned>()
            .SelectMany(assigned => assigned.Checkpoints)
            .Last(point => point.Partition == partition).Epoch;

    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await taking.WaitAsync(Timeout);
    }

    private string Story() => string.Join("; ", Received.TakeLast(MaxOfHistory).Select(happened => happened switch
    {
        ReaderEvent.RecordsRead read => $"read {string.Join(' ', read.Records.Select(record => $"{PartitionOf(record)}@{record.Offset}"))}",
        ReaderEvent.Assigned assigned =>
            $"assigned {string.Join(' ', assigned.Checkpoints.Select(start => $"{start.Partition}@{start.NextOffset}/{start.Epoch}"))}",
        ReaderEvent.Revoked revoked => $"revoked {string.Join(' ', revoked.Partitions)}",
        ReaderEvent.CaughtUp ended => $"ended {string.Join(' ', ended.Partitions)}",
        _ => happened.ToString(),
    }));

    private static LogPartition PartitionOf(LogRecord record) => new(record.Log, record.Partition);

    private async Task TakeAsync()
    {
        while (await reader.Events.WaitToReadAsync().AsTask()
            .ContinueWith(wait => wait.IsCompletedSuccessfully && wait.Result, TaskScheduler.Default))
        {
            while (reader.Events.TryRead(out var happened))
            {
                lock (gate)
                    received.Add(happened);
            }
        }
    }
}
