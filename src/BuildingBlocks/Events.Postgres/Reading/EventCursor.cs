using System.Buffers.Binary;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>
/// A cursor to an event in the order of time, over all partitions and all logs. Times never decrease within a stream, and events of a
/// stream with the same time are ordered by version, so that the order of each stream is kept.
/// </summary>
/// <param name="OccurredAt">The time of the event.</param>
/// <param name="StreamId">The id of its stream.</param>
/// <param name="StreamVersion">Its version in the stream.</param>
public readonly record struct EventCursor(DateTimeOffset OccurredAt, Guid StreamId, long StreamVersion) : IComparable<EventCursor>
{
    /// <summary>The length of the binary form, in bytes.</summary>
    public const int Length = sizeof(long) + IdLength + sizeof(long);

    private const int IdLength = 16;

    /// <summary>Creates the cursor of an event.</summary>
    /// <param name="record">The event.</param>
    public static EventCursor Of(LogRecord record) => new(record.OccurredAt, record.StreamId, record.StreamVersion);

    /// <summary>Reads the binary form of a cursor.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cursor">The cursor.</param>
    /// <returns>Whether the bytes are a valid cursor.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EventCursor cursor)
    {
        cursor = default;
        if (bytes.Length != Length)
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < DateTimeOffset.MinValue.UtcTicks || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        cursor = new EventCursor(
            new DateTimeOffset(ticks, TimeSpan.Zero),
            new Guid(bytes.Slice(sizeof(long), IdLength), bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(bytes[(sizeof(long) + IdLength)..]));
        return true;
    }

    /// <summary>Returns the binary form of the cursor.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, OccurredAt.UtcTicks);
        StreamId.TryWriteBytes(bytes.AsSpan(sizeof(long)), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(sizeof(long) + IdLength), StreamVersion);
        return bytes;
    }

    /// <inheritdoc />
    public int CompareTo(EventCursor other) =>
        (OccurredAt, StreamId, StreamVersion).CompareTo((other.OccurredAt, other.StreamId, other.StreamVersion));

    /// <summary>Whether a cursor is before another one.</summary>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    public static bool operator <(EventCursor left, EventCursor right) => left.CompareTo(right) < 0;

    /// <summary>Whether a cursor is after another one.</summary>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    public static bool operator >(EventCursor left, EventCursor right) => left.CompareTo(right) > 0;

    /// <summary>Whether a cursor is not after another one.</summary>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    public static bool operator <=(EventCursor left, EventCursor right) => left.CompareTo(right) <= 0;

    /// <summary>Whether a cursor is not before another one.</summary>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    public static bool operator >=(EventCursor left, EventCursor right) => left.CompareTo(right) >= 0;
}
