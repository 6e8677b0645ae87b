using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Streaming.Messages;

/// <summary>An event on its way to the listeners. Its message is created once, by the first of them, and shared by all.</summary>
/// <param name="record">The event.</param>
/// <param name="cursor">The position of a listener after the event, in all partitions of all logs.</param>
public sealed class LiveEvent(LogRecord record, string cursor)
{
    // Two listeners may create the same value at the same time: the values are equal, and one of them is kept.
    private byte[]? message;
    private Tuple<string, Guid?>? id;

    /// <summary>The event.</summary>
    public LogRecord Record => record;

    /// <summary>The position of a listener after the event, with which it resumes.</summary>
    public string Cursor => cursor;

    internal ReadOnlySpan<byte> Message => message ??= EventMessage.Of(this);

    /// <summary>The same event for a listener at another position.</summary>
    internal LiveEvent At(string otherCursor) => new(record, otherCursor);

    /// <summary>An id among the properties of the event's data; null if there is none.</summary>
    internal Guid? IdIn(string property)
    {
        var known = id;
        if (known is null || known.Item1 != property)
            id = known = Tuple.Create(property, JsonProperty.IdIn(record.Data.Span, property));
        return known.Item2;
    }
}
