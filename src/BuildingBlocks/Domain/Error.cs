namespace Monolith.BuildingBlocks.Domain;

/// <summary>An expected outcome other than success. The edge turns it into a problem document; the slug is its stable name.</summary>
/// <param name="Kind">What sort of refusal it is.</param>
/// <param name="Slug">Stable name, the end of the problem's <c>type</c>: <c>username-taken</c>.</param>
/// <param name="Title">What kind of problem this is, the same for every occurrence.</param>
/// <param name="Detail">What is wrong this time, and what to do about it.</param>
public sealed record Error(ErrorKind Kind, string Slug, string Title, string Detail)
{
    /// <summary>For an invalid request: the messages by the JSON path of the field (<c>items[0].quantity</c>).</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>Refuses values that break their rules.</summary>
    /// <param name="fields">The messages by JSON path.</param>
    public static Error Invalid(IReadOnlyDictionary<string, string[]> fields) => new(
        ErrorKind.Invalid, "invalid-request", "Invalid request", "Some fields are not as they must be; see errors.") { Fields = fields };

    /// <summary>When it is worth asking again; null where that is up to the caller.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
