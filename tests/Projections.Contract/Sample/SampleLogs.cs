using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

/// <summary>The logs of the sample modules Shop and Depot.</summary>
public abstract class SampleLogs : IAsyncDisposable
{
    public const int Partitions = 4;

    public abstract IEventLog Shop { get; }

    public abstract IEventLog Depot { get; }

    /// <summary>Creates a transport like a separate process.</summary>
    public abstract IEventTransport NewTransport();

    public abstract SampleWriter WriterOf(IEventLog log);

    /// <summary>Removes an event, like damage of the log.</summary>
    public abstract Task RemoveAsync(IEventLog log, PartitionOffset offset);

    public abstract ValueTask DisposeAsync();

    /// <summary>Reads all events of the shop, by partition and offset.</summary>
    public async Task<IReadOnlyList<LogRecord>> ReadShopAsync(CancellationToken cancellation)
    {
        const int atOnce = 1_000_000;
        var records = new List<LogRecord>();
        await Shop.ReadAsync(
            [.. Enumerable.Range(0, Shop.Partitions).Select(partition => new PartitionOffset(partition, 0))],
            atOnce,
            records,
            cancellation);
        return [.. records.OrderBy(record => record.Partition).ThenBy(record => record.Offset)];
    }
}
