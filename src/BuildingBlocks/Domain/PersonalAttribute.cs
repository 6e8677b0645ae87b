namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// Marks a field of an event as personal data. Events are never changed: erasure will encrypt these fields under one key per person and
/// destroy the key. Only the event serializer will depend on it.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PersonalAttribute : Attribute;
