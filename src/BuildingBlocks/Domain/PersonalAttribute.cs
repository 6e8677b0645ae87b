namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// Marks a field of an event as personal data. Events are never edited, so erasure will mean encrypting these fields under a key a person and
/// destroying the key; the event serializer is the one place that has to know.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PersonalAttribute : Attribute;
