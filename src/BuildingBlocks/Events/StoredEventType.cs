using System.Text.Json;
using System.Text.Json.Nodes;

namespace Monolith.BuildingBlocks.Events;

/// <summary>A type name of the log, with the upcasters that lead from it to the newest version of its event.</summary>
internal sealed class StoredEventType(string name, EventDefinition definition, IReadOnlyList<EventUpcaster> upcasters)
{
    public string Name => name;

    /// <summary>The newest version, which readers get.</summary>
    public EventDefinition Definition => definition;

    /// <summary>All type names that can be read: those of the event records, and older versions with an upcaster.</summary>
    /// <exception cref="InvalidOperationException">The upcasters contradict each other.</exception>
    public static IEnumerable<StoredEventType> Of(IReadOnlyCollection<EventDefinition> definitions)
    {
        var newest = definitions.ToDictionary(definition => definition.Name);
        var upcasters = new Dictionary<string, EventUpcaster>();
        foreach (var upcaster in definitions.SelectMany(EventUpcaster.Of))
        {
            if (newest.TryGetValue(upcaster.From, out var record))
            {
                throw new InvalidOperationException(
                    $"{upcaster.From} has an upcaster to {upcaster.To}, and the record {record.Type.Name} as well: "
                    + "an older version has no [EventType].");
            }

            if (!upcasters.TryAdd(upcaster.From, upcaster))
            {
                throw new InvalidOperationException(
                    $"{upcaster.From} has two upcasters, to {upcasters[upcaster.From].To} and to {upcaster.To}; it must have one.");
            }
        }

        return
        [
            .. definitions.Select(definition => new StoredEventType(definition.Name, definition, [])),
            .. upcasters.Keys.Select(older => Older(older, upcasters, newest)),
        ];
    }

    /// <summary>Reads an event as its newest version; null if the data is null.</summary>
    /// <exception cref="JsonException">The data does not match the stored type.</exception>
    public object? Read(ReadOnlySpan<byte> data) => upcasters.Count == 0 ? JsonSerializer.Deserialize(data, definition.Json) : Upcast(data);

    private object? Upcast(ReadOnlySpan<byte> data)
    {
        if (JsonNode.Parse(data) is not { } stored)
            return null;
        var json = stored as JsonObject ?? throw new JsonException($"{name} is not a JSON object.");
        foreach (var upcaster in upcasters)
            json = upcaster.Apply(json) ?? throw new JsonException($"The upcaster from {upcaster.From} returned null.");
        return json.Deserialize(definition.Json);
    }

    private static StoredEventType Older(
        string name, Dictionary<string, EventUpcaster> upcasters, Dictionary<string, EventDefinition> newest)
    {
        var chain = new List<EventUpcaster>();
        var seen = new HashSet<string>();
        for (var current = name; ; current = chain[^1].To)
        {
            if (newest.TryGetValue(current, out var definition))
                return new StoredEventType(name, definition, chain);
            if (!seen.Add(current))
            {
                var circle = string.Join(", ", chain.Select(upcaster => $"{upcaster.From} to {upcaster.To}"));
                throw new InvalidOperationException($"The upcasters from {name} lead in a circle: {circle}.");
            }

            if (!upcasters.TryGetValue(current, out var next))
            {
                throw new InvalidOperationException(
                    $"The upcasters from {name} end at {current}, which is neither an event nor has an upcaster.");
            }

            chain.Add(next);
        }
    }
}
