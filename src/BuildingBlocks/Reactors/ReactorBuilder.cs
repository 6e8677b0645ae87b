using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>Says which events a reactor reacts to.</summary>
public sealed class ReactorBuilder
{
    private readonly string name;
    private readonly Dictionary<string, Type[]> sources = [];

    internal ReactorBuilder(string name) => this.name = name;

    /// <summary>Adds a log that the reactor follows, from its head at the moment when a host first starts with it.</summary>
    /// <param name="topic">The log, by the name of its topic.</param>
    /// <param name="events">The events that the reactor wants, in whichever version they are stored; the others are passed by.</param>
    /// <exception cref="InvalidOperationException">No event is named, or the log is named twice.</exception>
    public ReactorBuilder From(string topic, params Type[] events)
    {
        if (events.Length == 0)
            throw new InvalidOperationException($"The reactor {name} names no event of {topic}.");
        if (!sources.TryAdd(topic, events))
            throw new InvalidOperationException($"The reactor {name} names the log {topic} twice: name all events that it wants in one From.");
        return this;
    }

    internal ReactorDefinition Define(IServiceProvider services) => sources.Count > 0
        ? new ReactorDefinition(name, [.. sources.Select(source => SourceOf(services, source.Key, source.Value))])
        : throw new InvalidOperationException($"The reactor {name} follows no log: say which by From.");

    private static EventSelection SourceOf(IServiceProvider services, string topic, Type[] events) =>
        EventSelection.Of(services.GetRequiredKeyedService<EventCatalogue>(topic), events);
}
