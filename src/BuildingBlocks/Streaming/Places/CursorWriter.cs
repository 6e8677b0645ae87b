namespace Monolith.BuildingBlocks.Streaming.Places;

/// <summary>Writes the parts of a cursor: bytes, numbers of variable length, and runs of bits, lowest first.</summary>
internal sealed class CursorWriter
{
    /// <summary>Each byte of a number has so many bits of it, lowest first; its highest bit says that another follows.</summary>
    public const int BitsOfNumber = 7;

    /// <summary>The bits of a byte that belong to the number.</summary>
    public const int NumberMask = 0x7F;

    private const int UsualBytes = 256;
    private const int BitsOfByte = 8;

    private byte[] bytes = new byte[UsualBytes];
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
        for (; value > NumberMask; value >>= BitsOfNumber)
            Byte((byte)(value & NumberMask | ~NumberMask));
        Byte((byte)value);
    }

    public void Bits(ulong value, int width)
    {
        while (width > 0)
        {
            var taken = Math.Min(width, BitsOfByte - bits);
            pending |= (value & ((1UL << taken) - 1)) << bits;
            value >>= taken;
            width -= taken;
            bits += taken;
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
