using System.Buffers.Binary;
using System.Buffers.Text;

namespace Monolith.BuildingBlocks.Events;

/// <summary>
/// Computes the partition of a stream: murmur2 of the stream id as text, like Kafka's default partitioner, so that other producers and
/// consumers choose the same partition.
/// </summary>
public static class Partitioner
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;
    private const int Rotation = 24;
    private const int TextLength = 36;

    /// <summary>Computes the partition of a stream.</summary>
    /// <param name="streamId">The id of the stream.</param>
    /// <param name="partitions">The number of partitions of the log.</param>
    public static int PartitionOf(Guid streamId, int partitions)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Utf8Formatter.TryFormat(streamId, text, out _);
        return PartitionOf(text, partitions);
    }

    /// <summary>Computes the partition of a record key.</summary>
    /// <param name="key">The bytes of the key.</param>
    /// <param name="partitions">The number of partitions of the topic.</param>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (int)(Murmur2(key) & 0x7fffffff) % partitions;

    // MurmurHash2 (Austin Appleby), 32 bits, with the seed of Kafka's clients.
    internal static uint Murmur2(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        while (data.Length >= sizeof(uint))
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            word ^= word >> Rotation;
            hash = (hash * Multiplier) ^ (word * Multiplier);
            data = data[sizeof(uint)..];
        }

        if (data.Length > 2)
            hash ^= (uint)data[2] << 16;
        if (data.Length > 1)
            hash ^= (uint)data[1] << 8;
        if (data.Length > 0)
            hash = (hash ^ data[0]) * Multiplier;

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return hash ^ (hash >> 15);
    }
}
