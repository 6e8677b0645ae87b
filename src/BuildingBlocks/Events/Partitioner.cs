using System.Buffers.Binary;
using System.Buffers.Text;

namespace Monolith.BuildingBlocks.Events;

/// <summary>
/// The partition of a stream: murmur2 of its id as text, as Kafka's default partitioner has it, so that foreign producers and consumers
/// put the same stream into the same partition.
/// </summary>
public static class Partitioner
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;
    private const int Rotation = 24;
    private const int TextLength = 36;

    /// <summary>The partition of a stream.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="partitions">How many partitions the log has.</param>
    public static int PartitionOf(Guid streamId, int partitions)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Utf8Formatter.TryFormat(streamId, text, out _);
        return PartitionOf(text, partitions);
    }

    /// <summary>The partition of a key.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <param name="partitions">How many partitions the topic has.</param>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (int)(Murmur2(key) & 0x7fffffff) % partitions;

    /// <summary>MurmurHash2 (Austin Appleby), 32 bits, with the seed that Kafka's clients use.</summary>
    /// <param name="data">What to hash.</param>
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
