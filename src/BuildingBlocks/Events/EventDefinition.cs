using System.Text.Json.Serialization.Metadata;

namespace Monolith.BuildingBlocks.Events;

/// <summary>What the catalogue knows of one event type.</summary>
/// <param name="Name">The versioned type name.</param>
/// <param name="Type">The record in the Contracts.</param>
/// <param name="Json">How it is read and written.</param>
/// <param name="PersonalFields">The JSON names of its personal fields.</param>
public sealed record EventDefinition(string Name, Type Type, JsonTypeInfo Json, IReadOnlyList<string> PersonalFields);
