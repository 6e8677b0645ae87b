using System.Buffers.Binary;
using System.Text;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Returns one shared string for equal bytes that were seen recently, so that many records share the few names that they contain.
/// Thread-safe: an entry is read and replaced as a whole, and a lost entry is only created again.
/// </summary>
internal sealed class StringPool
{
    private const int SlotBits = 8;
    private const int MaxSharedLength = 64;

    private readonly Entry?[] entries = new Entry?[1 << SlotBits];

    public string Of(byte[] utf8)
    {
        if (utf8.Length > MaxSharedLength)
            return Encoding.UTF8.GetString(utf8);
        ref var slot = ref entries[SlotOf(utf8)];
        var known = Volatile.Read(ref slot);
        if (known is not null && known.Utf8.AsSpan().SequenceEqual(utf8))
            return known.Text;
        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref slot, new Entry(utf8, text));
        return text;
    }

    // Names of one kind have equal beginnings and ends. Their lengths and their middles differ.
    private static int SlotOf(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length;
        if (utf8.Length >= sizeof(ulong))
            return SlotOf(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8[((utf8.Length - sizeof(ulong)) / 2)..]));
        foreach (var unit in utf8)
            hash = (hash << 8) ^ unit;
        return SlotOf(hash);
    }

    private static int SlotOf(ulong hash) => (int)((hash * 0x9E3779B97F4A7C15) >> (64 - SlotBits));

    private sealed record Entry(byte[] Utf8, string Text);
}
