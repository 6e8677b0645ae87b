namespace Monolith.BuildingBlocks.Events;

/// <summary>The events of a log that a reader selects.</summary>
/// <param name="Catalogue">The event types of the log.</param>
/// <param name="Types">The selected type names; null for all, including types that this binary does not know.</param>
public sealed record EventSelection(EventCatalogue Catalogue, IReadOnlySet<string>? Types)
{
    private readonly HashSet<string>? families = Types?.Select(FamilyOf).ToHashSet();

    /// <summary>Selects events of a log, including their older versions, which are read as the newest.</summary>
    /// <param name="catalogue">The event types of the log.</param>
    /// <param name="events">The event records; none to select all events.</param>
    /// <exception cref="InvalidOperationException">One of the records is not an event of the log.</exception>
    public static EventSelection Of(EventCatalogue catalogue, params Type[] events) =>
        new(catalogue, events.Length == 0 ? null : events.SelectMany(catalogue.TypeNamesOf).ToHashSet());

    /// <summary>
    /// Whether an event of a type is selected. A version of a selected event that this binary does not know is selected as well: skipping
    /// it would lose what a newer binary wrote.
    /// </summary>
    /// <param name="type">The type name.</param>
    public bool Wants(string type) =>
        Types is null || Types.Contains(type) || (!Catalogue.Knows(type) && families!.Contains(FamilyOf(type)));

    // The type name without its version.
    private static string FamilyOf(string type) =>
        type.LastIndexOf(".v", StringComparison.Ordinal) is > 0 and var end ? type[..end] : type;
}
