using System.Text.Json;
using System.Text.Json.Nodes;

namespace Monolith.BuildingBlocks.Events;

/// <summary>How a stored type name is read: as which record, by which steps.</summary>
/// <param name="name">The type name as it is stored.</param>
/// <param name="definition">The record that readers get.</param>
/// <param name="steps">The upcasters from the stored version to the record's, in order; none for the newest.</param>
internal sealed class EventReading(string name, EventDefinition definition, IReadOnlyList<EventUpcaster> steps)
{
    /// <summary>The type name as it is stored.</summary>
    public string Name => name;

    /// <summary>The record that readers get.</summary>
    public EventDefinition Definition => definition;

    /// <summary>Every type name that can be read: the records' own, and the older ones that upcasters lead from.</summary>
    /// <param name="definitions">The records.</param>
    /// <exception cref="InvalidOperationException">The upcasters contradict each other; the message says how.</exception>
    public static IEnumerable<EventReading> Of(IReadOnlyCollection<EventDefinition> definitions)
    {
        var records = definitions.ToDictionary(definition => definition.Name);
        var steps = new Dictionary<string, EventUpcaster>();
        foreach (var upcaster in definitions.SelectMany(EventUpcaster.Of))
        {
            if (records.TryGetValue(upcaster.From, out var record))
                throw new InvalidOperationException($"{upcaster.From} has an upcaster to {upcaster.To}, and the record {record.Type.Name} as well: an older version has no [EventType].");
            if (!steps.TryAdd(upcaster.From, upcaster))
                throw new InvalidOperationException($"{upcaster.From} has two upcasters, to {steps[upcaster.From].To} and to {upcaster.To}; it must have one.");
        }

        return [.. definitions.Select(definition => new EventReading(definition.Name, definition, [])), .. steps.Keys.Select(from => Along(from, steps, records))];
    }

    /// <summary>The event's data as the record of the newest version; null where the data is.</summary>
    /// <exception cref="JsonException">The data does not fit the stored type.</exception>
    public object? Read(ReadOnlySpan<byte> data) => steps.Count == 0 ? JsonSerializer.Deserialize(data, definition.Json) : ReadOlder(data);

    private object? ReadOlder(ReadOnlySpan<byte> data)
    {
        if (JsonNode.Parse(data) is not { } stored)
            return null;
        var json = stored as JsonObject ?? throw new JsonException($"{name} is no JSON object.");
        foreach (var step in steps)
            json = step.Apply(json) ?? throw new JsonException($"The upcaster from {step.From} gave nothing.");
        return json.Deserialize(definition.Json);
    }

    private static EventReading Along(string name, Dictionary<string, EventUpcaster> steps, Dictionary<string, EventDefinition> records)
    {
        var chain = new List<EventUpcaster>();
        var seen = new HashSet<string>();
        for (var current = name; ; current = chain[^1].To)
        {
            if (records.TryGetValue(current, out var definition))
                return new EventReading(name, definition, chain);
            if (!seen.Add(current))
                throw new InvalidOperationException($"The upcasters from {name} lead in a circle: {string.Join(", ", chain.Select(step => $"{step.From} to {step.To}"))}.");
            if (!steps.TryGetValue(current, out var step))
                throw new InvalidOperationException($"The upcasters from {name} end at {current}, which is neither an event nor has an upcaster.");
            chain.Add(step);
        }
    }
}
