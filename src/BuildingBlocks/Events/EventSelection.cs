using Microsoft.Extensions.DependencyInjection;

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

    /// <summary>Selects events by their records alone: the catalogues say which log each belongs to.</summary>
    /// <param name="services">The services in which the catalogues of the known logs are registered.</param>
    /// <param name="events">The wanted records.</param>
    /// <param name="wholeLogs">The logs of which all events are wanted, by the names of their topics.</param>
    /// <returns>One selection per log, in the order in which the logs were first needed.</returns>
    /// <exception cref="InvalidOperationException">No known log has such an event, or a log is unknown.</exception>
    public static IReadOnlyList<EventSelection> Of(IServiceCollection services, IEnumerable<Type> events, IEnumerable<string> wholeLogs)
    {
        var catalogues = services
            .Where(service => service.IsKeyedService && service.ServiceType == typeof(EventCatalogue))
            .Select(service => service.KeyedImplementationInstance)
            .OfType<EventCatalogue>()
            .ToArray();
        var whole = wholeLogs.Select(log => catalogues.FirstOrDefault(catalogue => catalogue.Log == log) ?? throw Unknown($"the log {log}"))
            .ToArray();
        var selected =
            events.GroupBy(type => catalogues.FirstOrDefault(catalogue => catalogue.Has(type)) ?? throw Unknown($"the event {type.Name}"));
        return
        [
            .. whole.Select(catalogue => Of(catalogue)),
            .. selected.Where(group => !whole.Contains(group.Key)).Select(group => Of(group.Key, [.. group])),
        ];
    }

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

    private static InvalidOperationException Unknown(string what) =>
        new($"No log is known that has {what}: call AddLog or ReadsLog for it first.");
}
