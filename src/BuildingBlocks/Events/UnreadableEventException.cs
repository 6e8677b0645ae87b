namespace Monolith.BuildingBlocks.Events;

/// <summary>An event that this binary cannot decode. The message names the event and its type, never its data.</summary>
/// <param name="record">The event.</param>
/// <param name="reason">What is wrong with it.</param>
/// <param name="inner">What the JSON reader said, if it was asked.</param>
public sealed class UnreadableEventException(LogRecord record, string reason, Exception? inner)
    : Exception($"The event {record.EventId} ({record.Type}, {record.Log} partition {record.Partition} offset {record.Offset}) cannot be read: {reason}.", inner);
