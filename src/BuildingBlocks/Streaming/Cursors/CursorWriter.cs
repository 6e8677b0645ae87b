namespace Monolith.BuildingBlocks.Streaming.Cursors;

/// <summary>Writes the parts of a cursor: bytes, numbers of variable length (LEB128), and runs of bits, lowest first.</summary>
internal sealed class CursorWriter
{
    /// <summary>The bits of a number in each byte, lowest first. The highest bit of a byte is set if another byte follows.</summary>
    public const int NumberBits = 7;

    public const int NumberMask = 0x7F;

    private const int InitialBytes = 256;
    private const int BitsOfByte = 8;

    private byte[] bytes = new byte[InitialBytes];
    private int length;
    private int bits;
    private ulong pending;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    public void Byte(byte value)
    {
        if (length == bytes.Length)
            Array.Resize(ref bytes, bytes.Length * 2);
        bytes[length++] = value;
    }

    public void Bytes(ReadOnlySpan<byte> values)
    {
        foreach (var value in values)
            Byte(value);
    }

    public void Number(long value)
    {
        for (; value > NumberMask; value >>= NumberBits)
            Byte((byte)(value & NumberMask | ~NumberMask));
        Byte((byte)value);
    }

    public void Bits(ulong value, int width)
    {
        while (width > 0)
        {
            var count = Math.Min(width, BitsOfByte - bits);
            pending |= (value & ((1UL << count) - 1)) << bits;
            value >>= count;
            width -= count;
            bits += count;
            if (bits == BitsOfByte)
                EndBits();
        }
    }

    public void EndBits()
    {
        if (bits > 0)
            Byte((byte)pending);
        (bits, pending) = (0, 0);
    }
}
