namespace Monolith.BuildingBlocks.Events;

/// <summary>An event that this binary cannot decode. The message names the event and its type, never its data.</summary>
/// <param name="record">The event.</param>
/// <param name="reason">What is wrong with the event.</param>
/// <param name="inner">The exception of the JSON reader, if there is one.</param>
public sealed class UnreadableEventException(LogRecord record, string reason, Exception? inner) : Exception(
    $"The event {record.EventId} ({record.Type}, {record.Log} partition {record.Partition} offset {record.Offset}) "
    + $"cannot be read: {reason}.",
    inner);
