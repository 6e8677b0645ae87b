using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Streaming.Cursors;

/// <summary>The order of the partitions in a vector of offsets: one offset per partition, log by log.</summary>
internal sealed class LogLayout
{
    private readonly FrozenDictionary<LogPartition, int> indexes;

    public LogLayout(IReadOnlyDictionary<string, int> partitionsOfLogs)
    {
        Logs =
        [
            .. partitionsOfLogs.OrderBy(log => log.Key, StringComparer.Ordinal)
                .Select(log => new LogLayoutEntry(log.Key, TagOf(log.Key), log.Value)),
        ];
        Partitions =
        [
            .. Logs.SelectMany(log => Enumerable.Range(0, log.Partitions).Select(partition => new LogPartition(log.Name, partition))),
        ];
        indexes = Indexed().ToFrozenDictionary(entry => entry.Partition, entry => entry.Index);
    }

    /// <summary>The logs, in the order of the vector.</summary>
    public IReadOnlyList<LogLayoutEntry> Logs { get; }

    /// <summary>The partitions, in the order of the vector.</summary>
    public IReadOnlyList<LogPartition> Partitions { get; }

    public int IndexOf(LogPartition partition) => indexes[partition];

    public long[] VectorOf(IReadOnlyDictionary<LogPartition, long> offsets) => [.. Partitions.Select(partition => offsets[partition])];

    public Dictionary<LogPartition, long> OffsetsOf(IReadOnlyList<long> vector) =>
        Indexed().ToDictionary(entry => entry.Partition, entry => vector[entry.Index]);

    private IEnumerable<(LogPartition Partition, int Index)> Indexed() => Partitions.Select((partition, index) => (partition, index));

    // Four bytes of a hash distinguish a handful of logs, and are the same on every host and in every version.
    private static uint TagOf(string log) => BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(log)));
}

/// <summary>One log of a layout.</summary>
/// <param name="Name">The log, by the name of its topic.</param>
/// <param name="Tag">Identifies the log in a cursor.</param>
/// <param name="Partitions">The number of partitions.</param>
internal sealed record LogLayoutEntry(string Name, uint Tag, int Partitions);
