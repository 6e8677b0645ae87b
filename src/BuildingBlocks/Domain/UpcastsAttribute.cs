namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// Marks a function that reads an older version of an event: static, on the record of the newest version, from <c>JsonObject</c> to <c>JsonObject</c>, and pure. It gets the data as it was stored, or as the
/// function before it in the chain left it, and gives what the next version would have stored. It is called when the event is read; what is stored never changes.
/// </summary>
/// <param name="from">The versioned type name that the function takes (<c>customer.registered.v1</c>).</param>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class UpcastsAttribute(string from) : Attribute
{
    /// <summary>The versioned type name that the function takes.</summary>
    public string From { get; } = from;

    /// <summary>The versioned type name that the function gives; that of the record unless said. An older step of a chain names the version in between.</summary>
    public string? To { get; set; }
}
