namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// The versioned name under which an event is stored and published (<c>customer.registered.v1</c>). The name is a contract, so that it is
/// never derived from a CLR name.
/// </summary>
/// <param name="name">The type name, lower-case, ending in its version.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventTypeAttribute(string name) : Attribute
{
    /// <summary>The type name in the log and in the header <c>ce_type</c>.</summary>
    public string Name { get; } = name;
}
