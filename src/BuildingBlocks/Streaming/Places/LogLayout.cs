using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Streaming.Places;

/// <summary>The logs that are followed and how many partitions each has: what the numbers of a vector of offsets stand for, one a partition, log by log.</summary>
internal sealed class LogLayout
{
    private readonly FrozenDictionary<LogPartition, int> indexes;

    public LogLayout(IReadOnlyDictionary<string, int> partitionsOfLogs)
    {
        Logs = [.. partitionsOfLogs.OrderBy(log => log.Key, StringComparer.Ordinal).Select(log => new LogLayoutEntry(log.Key, TagOf(log.Key), log.Value))];
        var all = Logs.SelectMany(log => Enumerable.Range(0, log.Partitions).Select(partition => new LogPartition(log.Name, partition))).ToArray();
        Partitions = all;
        indexes = all.Select((partition, index) => (partition, index)).ToFrozenDictionary(entry => entry.partition, entry => entry.index);
    }

    /// <summary>The logs, in the order of the vector.</summary>
    public IReadOnlyList<LogLayoutEntry> Logs { get; }

    /// <summary>The partitions, in the order of the vector.</summary>
    public IReadOnlyList<LogPartition> Partitions { get; }

    /// <summary>Where a partition is in the vector.</summary>
    public int IndexOf(LogPartition partition) => indexes[partition];

    /// <summary>A vector of what is known by partition.</summary>
    public long[] VectorOf(IReadOnlyDictionary<LogPartition, long> offsets) => [.. Partitions.Select(partition => offsets[partition])];

    /// <summary>What a vector says, by partition.</summary>
    public Dictionary<LogPartition, long> OffsetsOf(IReadOnlyList<long> vector) => Partitions.Select((partition, index) => (partition, index)).ToDictionary(entry => entry.partition, entry => vector[entry.index]);

    // Four bytes tell a handful of logs apart, and stay the same on every host and in every version.
    private static uint TagOf(string log) => BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(log)));
}
