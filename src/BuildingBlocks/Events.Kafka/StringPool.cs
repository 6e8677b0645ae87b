using System.Buffers.Binary;
using System.Text;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Gives one string for equal bytes that were met lately, so that a million records share the few names that they carry. For all threads: an entry is read and replaced as a whole, and one that is lost
/// is only made anew.
/// </summary>
internal sealed class StringPool
{
    private const int SlotBits = 8;
    private const int LongestShared = 64;

    private readonly Entry?[] entries = new Entry?[1 << SlotBits];

    public string Of(byte[] utf8)
    {
        if (utf8.Length > LongestShared)
            return Encoding.UTF8.GetString(utf8);
        ref var slot = ref entries[SlotOf(utf8)];
        var known = Volatile.Read(ref slot);
        if (known is not null && known.Utf8.AsSpan().SequenceEqual(utf8))
            return known.Text;
        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref slot, new Entry(utf8, text));
        return text;
    }

    // Names of one kind begin and end alike: what tells them apart is their length and their middle.
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
