namespace Monolith.BuildingBlocks.Events;

/// <summary>The events of a log that a reader wants.</summary>
/// <param name="Catalogue">The event types of the log.</param>
/// <param name="Types">The wanted type names; null for all, including those that this binary does not know.</param>
public sealed record EventSelection(EventCatalogue Catalogue, IReadOnlySet<string>? Types)
{
    private readonly HashSet<string>? events = Types?.Select(EventOf).ToHashSet();

    /// <summary>A log, and the events of it that the fold names. Their older versions are wanted with them: the fold sees them as the newest.</summary>
    /// <param name="catalogue">The events of the log.</param>
    /// <param name="events">The records that the fold names; where there are none it wants all.</param>
    /// <exception cref="InvalidOperationException">One of them is no event of the log.</exception>
    public static EventSelection Of(EventCatalogue catalogue, params Type[] events) =>
        new(catalogue, events.Length == 0 ? null : events.SelectMany(catalogue.NamesReadAs).ToHashSet());

    /// <summary>
    /// Whether the fold has to see an event of this type. It has to where the type is a version of a wanted event that this binary does not know: passing it by would lose what a newer binary wrote.
    /// </summary>
    /// <param name="type">The type name.</param>
    public bool Wants(string type) => Types is null || Types.Contains(type) || (!Catalogue.Knows(type) && events!.Contains(EventOf(type)));

    // The type name without its version.
    private static string EventOf(string type) => type.LastIndexOf(".v", StringComparison.Ordinal) is > 0 and var end ? type[..end] : type;
}
