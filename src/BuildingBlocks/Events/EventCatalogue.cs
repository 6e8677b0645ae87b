using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events;

/// <summary>
/// The event types of one log. It maps type names to the event records of the module's contracts and is the only place that serializes
/// events. Older versions of an event are read as the newest, by the methods that its record marks with <see cref="UpcastsAttribute"/>.
/// Immutable and thread-safe.
/// </summary>
public sealed class EventCatalogue
{
    private readonly FrozenDictionary<string, StoredEventType> byName;
    private readonly FrozenDictionary<Type, EventDefinition> byType;

    /// <summary>Creates a catalogue of all event records in the assembly of a JSON context.</summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="contracts">The source-generated JSON context of the module's contracts.</param>
    /// <exception cref="InvalidOperationException">
    /// An event has no type name, shares it with another event, or is not in the context; or the upcasters contradict each other.
    /// </exception>
    public EventCatalogue(string log, JsonSerializerContext contracts)
        : this(log, contracts, contracts.GetType().Assembly.GetTypes().Where(IsEvent))
    {
    }

    /// <summary>Creates a catalogue of some event records.</summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="contracts">The source-generated JSON context of the records.</param>
    /// <param name="events">The event records, each in its newest version.</param>
    /// <exception cref="InvalidOperationException">
    /// An event has no type name, shares it with another event, or is not in the context; or the upcasters contradict each other.
    /// </exception>
    public EventCatalogue(string log, JsonSerializerContext contracts, IEnumerable<Type> events)
    {
        Log = log;
        var definitions = events.Select(type => Define(type, contracts)).ToArray();
        if (definitions.GroupBy(definition => definition.Name).FirstOrDefault(group => group.Count() > 1) is { } shared)
        {
            var records = string.Join(", ", shared.Select(definition => definition.Type.Name));
            throw new InvalidOperationException($"The type name {shared.Key} stands for more than one event: {records}.");
        }

        Definitions = definitions;
        byName = StoredEventType.Of(definitions).ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
        byType = definitions.ToFrozenDictionary(definition => definition.Type);
    }

    /// <summary>The name of the log, which is also the name of its topic.</summary>
    public string Log { get; }

    /// <summary>The newest version of every event of the log that this binary knows.</summary>
    public IReadOnlyCollection<EventDefinition> Definitions { get; }

    /// <summary>Every type name that this binary can read, including older versions.</summary>
    public IReadOnlyCollection<string> TypeNames => byName.Keys;

    /// <summary>Whether this binary can read a type. A newer binary may have written types that it cannot read.</summary>
    /// <param name="typeName">The versioned type name.</param>
    public bool Knows(string typeName) => byName.ContainsKey(typeName);

    /// <summary>Whether a record is an event of this log.</summary>
    /// <param name="type">The record's type.</param>
    public bool Has(Type type) => byType.ContainsKey(type);

    /// <summary>
    /// Returns the shared string instance of a known type name, which saves memory; an unknown name is returned as it is.
    /// </summary>
    /// <param name="typeName">The versioned type name.</param>
    public string Intern(string typeName) => byName.TryGetValue(typeName, out var type) ? type.Name : typeName;

    /// <summary>Returns the type name under which an event is written.</summary>
    /// <param name="type">The type of the event record.</param>
    /// <exception cref="InvalidOperationException">The type is not an event of this log.</exception>
    public string NameOf(Type type) => DefinitionOf(type).Name;

    /// <summary>Returns the type names that are read as an event: its own, and those of its older versions.</summary>
    /// <param name="type">The type of the event record.</param>
    /// <exception cref="InvalidOperationException">The type is not an event of this log.</exception>
    public IReadOnlyList<string> TypeNamesOf(Type type)
    {
        var definition = DefinitionOf(type);
        return [.. byName.Values.Where(stored => stored.Definition == definition).Select(stored => stored.Name)];
    }

    /// <summary>Serializes an event as JSON. Log, topic and readers keep these bytes unchanged.</summary>
    /// <param name="data">The event.</param>
    /// <exception cref="InvalidOperationException">The object is not an event of this log.</exception>
    public string Serialize(IEvent data) => JsonSerializer.Serialize(data, DefinitionOf(data.GetType()).Json);

    /// <summary>Deserializes an event in its newest version. The envelope stays as it is stored.</summary>
    /// <param name="record">The record from the log.</param>
    /// <exception cref="UnreadableEventException">The type is unknown, or the data does not match it.</exception>
    public Event Decode(LogRecord record)
    {
        if (!byName.TryGetValue(record.Type, out var type))
            throw new UnreadableEventException(record, "this binary does not know the type (an older binary after a rollback?)", null);

        try
        {
            return type.Read(record.Data.Span) is IEvent data
                ? new Event(record, data)
                : throw new UnreadableEventException(record, "its data is null", null);
        }
        catch (JsonException exception)
        {
            throw new UnreadableEventException(record, "its data does not fit the type", exception);
        }
        catch (Exception exception) when (exception is not UnreadableEventException && type.Name != type.Definition.Name)
        {
            throw new UnreadableEventException(record, $"it cannot be brought to {type.Definition.Name}", exception);
        }
    }

    private static bool IsEvent(Type type) => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IEvent));

    private EventDefinition DefinitionOf(Type type) =>
        byType.TryGetValue(type, out var definition)
            ? definition
            : throw new InvalidOperationException($"{type.Name} is not an event of {Log}.");

    private static EventDefinition Define(Type type, JsonSerializerContext contracts)
    {
        var name = type.GetCustomAttribute<EventTypeAttribute>()?.Name
            ?? throw new InvalidOperationException($"The event {type.Name} has no [EventType].");
        var json = contracts.GetTypeInfo(type)
            ?? throw new InvalidOperationException($"The event {type.Name} is not in {contracts.GetType().Name}.");
        return new EventDefinition(name, type, json, [.. PersonalFields(type, json)]);
    }

    // [Personal] on a parameter of a positional record does not apply to its property, so that both are checked.
    private static IEnumerable<string> PersonalFields(Type type, JsonTypeInfo json)
    {
        var parameters = type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.IsDefined(typeof(PersonalAttribute)))
            .Select(parameter => parameter.Name);
        var properties = type.GetProperties().Where(property => property.IsDefined(typeof(PersonalAttribute)))
            .Select(property => property.Name);
        var names = parameters.Concat(properties).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return json.Properties.Select(property => property.Name).Where(names.Contains);
    }
}

/// <summary>The newest version of an event type.</summary>
/// <param name="Name">The versioned type name.</param>
/// <param name="Type">The event record of the module's contracts.</param>
/// <param name="Json">How the record is serialized.</param>
/// <param name="PersonalFields">The JSON names of its personal fields.</param>
public sealed record EventDefinition(string Name, Type Type, JsonTypeInfo Json, IReadOnlyList<string> PersonalFields);
