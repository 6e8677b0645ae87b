using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Streaming;

/// <summary>An event on its way to whoever listens. What listeners need of it is made once, by the first of them, and shared by all.</summary>
/// <param name="record">The event.</param>
/// <param name="place">Where a listener stands after it, in all partitions of all logs.</param>
public sealed class LiveEvent(LogRecord record, string place)
{
    // Two listeners may make the same thing at the same moment: one of them is kept, and they are equal.
    private byte[]? message;
    private Tuple<string, Guid?>? id;

    /// <summary>The event.</summary>
    public LogRecord Record => record;

    /// <summary>Where a listener stands after it: what it comes back with to go on without loss.</summary>
    public string Place => place;

    /// <summary>The same event for a listener that stands elsewhere.</summary>
    internal LiveEvent At(string elsewhere) => new(record, elsewhere);

    /// <summary>The event as a message of a stream.</summary>
    internal ReadOnlySpan<byte> Message => message ??= EventMessage.Of(this);

    /// <summary>An id among the properties of the event's data; null where there is none.</summary>
    /// <param name="property">The property's name.</param>
    internal Guid? IdIn(string property)
    {
        var known = id;
        if (known is null || known.Item1 != property)
            id = known = Tuple.Create(property, JsonProperty.IdIn(record.Data.Span, property));
        return known.Item2;
    }
}
