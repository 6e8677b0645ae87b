namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// Marks a function that converts an older version of an event when it is read. It is a pure static function on the record of the newest
/// version, from <c>JsonObject</c> to <c>JsonObject</c>. Its input is the stored data, or the output of the previous function in the chain;
/// its output is what the next version would have stored. Stored data never changes.
/// </summary>
/// <param name="from">The versioned type name that the function converts (<c>customer.registered.v1</c>).</param>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class UpcastsAttribute(string from) : Attribute
{
    /// <summary>The versioned type name that the function converts.</summary>
    public string From { get; } = from;

    /// <summary>The versioned type name that the function produces: by default that of the record. Earlier functions set it.</summary>
    public string? To { get; set; }
}
