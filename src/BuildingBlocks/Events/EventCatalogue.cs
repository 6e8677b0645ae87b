using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events;

/// <summary>
/// The events of one log: type names to records and back, and the one place that turns them into bytes. Built from the Contracts, at start. Older versions of an event are read as the newest, by the
/// functions that its record marks with <see cref="UpcastsAttribute"/>.
/// </summary>
public sealed class EventCatalogue
{
    private readonly FrozenDictionary<string, EventReading> byName;
    private readonly FrozenDictionary<Type, EventDefinition> byType;

    /// <summary>Reads the event records of the Contracts that the context belongs to.</summary>
    /// <param name="log">The log that holds them, by the name of its topic.</param>
    /// <param name="contracts">The Contracts' source-generated JSON context.</param>
    /// <exception cref="InvalidOperationException">An event has no type name, shares one, or is not in the context; or the upcasters contradict each other.</exception>
    public EventCatalogue(string log, JsonSerializerContext contracts)
        : this(log, contracts, contracts.GetType().Assembly.GetTypes().Where(IsEvent))
    {
    }

    /// <summary>Reads some event records.</summary>
    /// <param name="log">The log that holds them, by the name of its topic.</param>
    /// <param name="contracts">The source-generated JSON context that has them.</param>
    /// <param name="events">The event records.</param>
    /// <exception cref="InvalidOperationException">As with the other constructor.</exception>
    public EventCatalogue(string log, JsonSerializerContext contracts, IEnumerable<Type> events)
    {
        Log = log;
        var definitions = events.Select(type => Define(type, contracts)).ToArray();
        var shared = definitions.GroupBy(definition => definition.Name).FirstOrDefault(group => group.Count() > 1);
        if (shared is not null)
            throw new InvalidOperationException($"The type name {shared.Key} stands for more than one event: {string.Join(", ", shared.Select(d => d.Type.Name))}.");

        Definitions = definitions;
        byName = EventReading.Of(definitions).ToFrozenDictionary(reading => reading.Name, StringComparer.Ordinal);
        byType = definitions.ToFrozenDictionary(definition => definition.Type);
    }

    /// <summary>The log, by the name of its topic.</summary>
    public string Log { get; }

    /// <summary>The newest version of every event of the log that this binary knows.</summary>
    public IReadOnlyCollection<EventDefinition> Definitions { get; }

    /// <summary>Every type name that this binary can read, older versions included.</summary>
    public IReadOnlyCollection<string> TypeNames => byName.Keys;

    /// <summary>Whether this binary can read a type. A newer binary may have written one that it cannot.</summary>
    /// <param name="typeName">The versioned type name.</param>
    public bool Knows(string typeName) => byName.ContainsKey(typeName);

    /// <summary>Whether a record is an event of this log.</summary>
    /// <param name="type">The record's type.</param>
    public bool Has(Type type) => byType.ContainsKey(type);

    /// <summary>The one string of a known type name, so that a million records share it; of an unknown one, the name as given.</summary>
    /// <param name="typeName">The versioned type name.</param>
    public string Interned(string typeName) => byName.TryGetValue(typeName, out var reading) ? reading.Name : typeName;

    /// <summary>The type name under which an event is written.</summary>
    /// <param name="type">The record's type.</param>
    /// <exception cref="InvalidOperationException">It is not an event of this log.</exception>
    public string NameOf(Type type) => DefinitionOf(type).Name;

    /// <summary>The type names that are read as an event: its own, and those of its older versions.</summary>
    /// <param name="type">The record's type.</param>
    /// <exception cref="InvalidOperationException">It is not an event of this log.</exception>
    public IReadOnlyList<string> NamesReadAs(Type type)
    {
        var definition = DefinitionOf(type);
        return [.. byName.Values.Where(reading => reading.Definition == definition).Select(reading => reading.Name)];
    }

    /// <summary>Serializes an event: the only place where its bytes are made.</summary>
    /// <param name="data">The event.</param>
    /// <returns>UTF-8 JSON, which log, topic and every reader keep as it is.</returns>
    /// <exception cref="InvalidOperationException">It is not an event of this log.</exception>
    public string Serialize(IEvent data) => JsonSerializer.Serialize(data, DefinitionOf(data.GetType()).Json);

    /// <summary>Reads an event back, in its newest version whichever is stored.</summary>
    /// <param name="record">The record from the log.</param>
    /// <returns>The event in its envelope, which stays as it is stored.</returns>
    /// <exception cref="UnreadableEventException">The type is unknown here, or the data does not fit it.</exception>
    public Event Decode(LogRecord record)
    {
        if (!byName.TryGetValue(record.Type, out var reading))
            throw new UnreadableEventException(record, "this binary does not know the type (an older binary after a rollback?)", null);

        try
        {
            return reading.Read(record.Data.Span) is IEvent data ? new Event(record, data) : throw new UnreadableEventException(record, "its data is null", null);
        }
        catch (JsonException exception)
        {
            throw new UnreadableEventException(record, "its data does not fit the type", exception);
        }
        catch (Exception exception) when (exception is not UnreadableEventException && reading.Name != reading.Definition.Name)
        {
            throw new UnreadableEventException(record, $"it cannot be brought to {reading.Definition.Name}", exception);
        }
    }

    private static bool IsEvent(Type type) => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IEvent));

    private EventDefinition DefinitionOf(Type type) =>
        byType.TryGetValue(type, out var definition) ? definition : throw new InvalidOperationException($"{type.Name} is no event of {Log}.");

    private static EventDefinition Define(Type type, JsonSerializerContext contracts)
    {
        var name = type.GetCustomAttribute<EventTypeAttribute>()?.Name
            ?? throw new InvalidOperationException($"The event {type.Name} has no [EventType].");
        var json = contracts.GetTypeInfo(type)
            ?? throw new InvalidOperationException($"The event {type.Name} is not in {contracts.GetType().Name}.");
        return new EventDefinition(name, type, json, [.. PersonalFields(type, json)]);
    }

    // [Personal] on the parameter of a positional record does not reach its property, so both are looked at.
    private static IEnumerable<string> PersonalFields(Type type, JsonTypeInfo json)
    {
        var parameters = type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.IsDefined(typeof(PersonalAttribute)))
            .Select(parameter => parameter.Name);
        var properties = type.GetProperties().Where(property => property.IsDefined(typeof(PersonalAttribute))).Select(property => property.Name);
        var names = parameters.Concat(properties).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return json.Properties.Select(property => property.Name).Where(names.Contains);
    }
}
