using System.Buffers.Binary;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>
/// The place of an event in the order of time, over all partitions and all logs. The times of a stream never go back, so that its events are in their own order also where several have the same time.
/// </summary>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="StreamId">The aggregate that raised it.</param>
/// <param name="StreamVersion">Its number in the stream.</param>
public readonly record struct EventCursor(DateTimeOffset OccurredAt, Guid StreamId, long StreamVersion) : IComparable<EventCursor>
{
    /// <summary>How many bytes a place has.</summary>
    public const int Length = sizeof(long) + IdLength + sizeof(long);

    private const int IdLength = 16;

    /// <summary>The place of an event.</summary>
    /// <param name="record">The event.</param>
    public static EventCursor Of(LogRecord record) => new(record.OccurredAt, record.StreamId, record.StreamVersion);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="place">The place.</param>
    /// <returns>Whether they are one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EventCursor place)
    {
        place = default;
        if (bytes.Length != Length)
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < DateTimeOffset.MinValue.UtcTicks || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        place = new EventCursor(
            new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes.Slice(sizeof(long), IdLength), bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(bytes[(sizeof(long) + IdLength)..]));
        return true;
    }

    /// <summary>The place as bytes, for a cursor.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, OccurredAt.UtcTicks);
        StreamId.TryWriteBytes(bytes.AsSpan(sizeof(long)), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(sizeof(long) + IdLength), StreamVersion);
        return bytes;
    }

    /// <inheritdoc />
    public int CompareTo(EventCursor other) => (OccurredAt, StreamId, StreamVersion).CompareTo((other.OccurredAt, other.StreamId, other.StreamVersion));

    /// <summary>Whether one is before the other.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(EventCursor left, EventCursor right) => left.CompareTo(right) < 0;

    /// <summary>Whether one is after the other.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(EventCursor left, EventCursor right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is not after the other.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(EventCursor left, EventCursor right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is not before the other.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(EventCursor left, EventCursor right) => left.CompareTo(right) >= 0;
}
