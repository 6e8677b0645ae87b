using System.Runtime.CompilerServices;
using System.Text;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Analytics.Tests.Logs;

/// <summary>An in-memory transport with the logs of customers and orders.</summary>
internal sealed class MemoryLogs : IEventTransport
{
    private const int Partitions = 4;

    private readonly Dictionary<string, EventCatalogue> catalogues = new()
    {
        [CustomersTopic.Name] = new EventCatalogue(CustomersTopic.Name, CustomersJson.Contracts),
        [OrdersTopic.Name] = new EventCatalogue(OrdersTopic.Name, OrdersJson.Contracts),
    };

    private readonly Dictionary<LogPartition, List<LogRecord>> records = [];
    private readonly Dictionary<Guid, long> versions = [];
    private int followers;

    public MemoryLogs()
    {
        foreach (var log in catalogues.Keys)
        {
            for (var partition = 0; partition < Partitions; partition++)
                records.Add(new LogPartition(log, partition), []);
        }
    }

    public bool IsCopy => false;

    /// <summary>Records that the simulated broker has deleted.</summary>
    public Dictionary<LogPartition, DeletedRecords> Deleted { get; } = [];

    /// <summary>Delays followers until it completes, like a broker that does not answer.</summary>
    public Task Answers { get; set; } = Task.CompletedTask;

    /// <summary>The number of followers so far.</summary>
    public int Followers => Volatile.Read(ref followers);

    /// <summary>Signals appended events.</summary>
    public LogSignal Appended { get; } = new();

    /// <summary>All events; those of a partition are in order.</summary>
    public IReadOnlyList<LogRecord> All
    {
        get
        {
            lock (records)
                return [.. records.Values.SelectMany(partition => partition)];
        }
    }

    public void Append(IEvent data, DateTimeOffset at)
    {
        var (log, stream) = data is ICustomerEvent customer ? (CustomersTopic.Name, customer.CustomerId) : (
            OrdersTopic.Name, ((IOrderEvent)data).OrderId);
        var partition = new LogPartition(log, Partitioner.PartitionOf(stream, Partitions));
        lock (records)
        {
            versions[stream] = versions.GetValueOrDefault(stream) + 1;
            records[partition].Add(new LogRecord
            {
                Log = log,
                Partition = partition.Partition,
                Offset = records[partition].Count,
                EventId = Guid.CreateVersion7(),
                StreamId = stream,
                StreamVersion = versions[stream],
                Type = catalogues[log].NameOf(data.GetType()),
                Data = Encoding.UTF8.GetBytes(catalogues[log].Serialize(data)),
                OccurredAt = at,
                CorrelationId = Guid.CreateVersion7(),
                Position = records[partition].Count,
            });
        }

        Appended.Pulse();
    }

    public Event Decode(LogRecord record) => catalogues[record.Log].Decode(record);

    public IReadOnlyList<LogRecord> ReadFrom(LogPartition partition, long offset, int limit)
    {
        lock (records)
            return [.. records[partition].Skip((int)offset).Take(limit)];
    }

    public IEventReader Open(Subscription subscription) =>
        new MemoryReader(this, subscription, [.. records.Keys.Where(partition => subscription.Logs.Contains(partition.Log))]);

    public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation)
    {
        lock (records)
            return Task.FromResult<IReadOnlyDictionary<LogPartition, long>>(
                records.Where(entry => entry.Key.Log == log).ToDictionary(entry => entry.Key, entry => (long)entry.Value.Count));
    }

    public Task<IReadOnlyDictionary<LogPartition, DeletedRecords>> DeletedRecordsAsync(string log, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<LogPartition, DeletedRecords>>(Deleted.Where(entry => entry.Key.Log == log).ToDictionary());

    public Task DeleteGroupAsync(string group, CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<LogHead>> PartitionHeadsAsync(string log, CancellationToken cancellation) =>
        throw new NotSupportedException("Not used by the module.");

    public async IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(
        IReadOnlyDictionary<LogPartition, long> from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = from.ToDictionary();
        Interlocked.Increment(ref followers);
        await Answers.WaitAsync(cancellation);
        while (true)
        {
            var seen = Appended.Version;
            foreach (var partition in from.Keys)
            {
                var some = ReadFrom(partition, next[partition], Subscription.DefaultFetchSize);
                next[partition] += some.Count;
                if (some.Count > 0)
                    yield return some;
            }

            if (from.Keys.All(partition => ReadFrom(partition, next[partition], 1).Count == 0))
                await Appended.WaitAsync(seen, cancellation);
        }
    }

    public Task<IReadOnlyDictionary<LogPartition, long>> OffsetsSinceAsync(
        string log, DateTimeOffset since, CancellationToken cancellation) =>
        throw new NotSupportedException("Not used by the module.");
}
