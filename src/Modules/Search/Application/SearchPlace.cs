using System.Buffers.Binary;

namespace Monolith.Modules.Search.Application;

/// <summary>The place of a hit among all hits: by its score, then by its id, so that a page that starts after it leaves nothing out and repeats nothing.</summary>
internal sealed record SearchPlace(int Score, Guid Id)
{
    private const int ScoreBytes = sizeof(int);

    /// <summary>How many bytes a place has.</summary>
    public const int Length = ScoreBytes + 16;

    public static SearchPlace Of(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt32BigEndian(bytes), new Guid(bytes[ScoreBytes..], bigEndian: true));

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Score);
        Id.TryWriteBytes(bytes.AsSpan(ScoreBytes), bigEndian: true, out _);
        return bytes;
    }
}
