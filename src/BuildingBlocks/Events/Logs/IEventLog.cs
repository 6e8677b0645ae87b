using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Logs;

/// <summary>The event log of a module that runs in this process.</summary>
public interface IEventLog
{
    /// <summary>The name of the log, which is also the name of its topic (<c>customers.events</c>).</summary>
    string Name { get; }

    /// <summary>The number of partitions. It is fixed when the log is created.</summary>
    int Partitions { get; }

    /// <summary>The event types of the log.</summary>
    EventCatalogue Catalogue { get; }

    /// <summary>Pulsed when the log has grown, by a commit of any process.</summary>
    LogSignal Signal { get; }

    /// <summary>Reads the head of each partition: its next offset.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(CancellationToken cancellation);

    /// <summary>Reads the head and the last event of each partition, all from one snapshot, in the order of the partitions.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<PartitionHead>> PartitionHeadsAsync(CancellationToken cancellation);

    /// <summary>Reads the next events of some partitions.</summary>
    /// <param name="from">The first offset to read, by partition.</param>
    /// <param name="limit">The maximum number of events of each partition.</param>
    /// <param name="into">Receives the events. Those of one partition are in offset order.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task ReadAsync(IReadOnlyList<PartitionOffset> from, int limit, List<LogRecord> into, CancellationToken cancellation);

    /// <summary>Reads the id of the event at an offset.</summary>
    /// <param name="offset">The partition and the offset.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The id; null if the offset is at or beyond the head.</returns>
    Task<Guid?> EventIdAsync(PartitionOffset offset, CancellationToken cancellation);

    /// <summary>Reads the times of the events at some offsets. Offsets at or beyond the head are omitted.</summary>
    /// <param name="offsets">The offsets.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The times, by partition.</returns>
    Task<IReadOnlyDictionary<int, DateTimeOffset>> TimesAsync(IReadOnlyCollection<PartitionOffset> offsets, CancellationToken cancellation);

    /// <summary>Waits until every transaction that is open now has ended, so that the heads read afterwards include its events.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="TimeoutException">A transaction stays open for too long. The message names the database.</exception>
    Task WaitForOpenTransactionsAsync(CancellationToken cancellation);

    /// <summary>Finds gaps in the offsets of partitions and in the versions of streams.</summary>
    /// <param name="below">The head of each partition below which offsets are checked.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>One sentence for each gap.</returns>
    Task<IReadOnlyList<string>> AuditAsync(IReadOnlyList<PartitionOffset> below, CancellationToken cancellation);
}

/// <summary>An offset in a partition of one log.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The offset, from 0.</param>
public readonly record struct PartitionOffset(int Partition, long Offset);

/// <summary>The head of a partition of one log.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="NextOffset">The next offset that the partition will assign.</param>
/// <param name="LastEventId">The id of the last event; null if the partition is empty.</param>
public readonly record struct PartitionHead(int Partition, long NextOffset, Guid? LastEventId);
