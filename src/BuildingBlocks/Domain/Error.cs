namespace Monolith.BuildingBlocks.Domain;

/// <summary>An expected failure of a request. It becomes a problem document, whose type is its slug.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Slug">The stable name, the end of the problem's <c>type</c>: <c>username-taken</c>.</param>
/// <param name="Title">A short description, the same for every occurrence.</param>
/// <param name="Detail">What is wrong with this request, and what to do about it.</param>
public sealed record Error(ErrorKind Kind, string Slug, string Title, string Detail)
{
    /// <summary>For an invalid request: the messages by the JSON path of the field (<c>items[0].quantity</c>).</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>Refuses values that break their rules.</summary>
    /// <param name="fields">The messages by JSON path.</param>
    public static Error Invalid(IReadOnlyDictionary<string, string[]> fields) => new(
        ErrorKind.Invalid, "invalid-request", "Invalid request", "Some fields are invalid; see errors.") { Fields = fields };

    /// <summary>How long the client should wait before it sends the request again; null if unknown.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>The kinds of failure that a client can distinguish.</summary>
public enum ErrorKind
{
    /// <summary>The request is malformed, or a field is invalid.</summary>
    Invalid,

    /// <summary>The client is not allowed to send the request.</summary>
    Forbidden,

    /// <summary>The resource does not exist.</summary>
    NotFound,

    /// <summary>The state of the resource does not allow the request, or another request changed it first.</summary>
    Conflict,

    /// <summary>The version that the client expects is not the current one.</summary>
    Stale,

    /// <summary>The request is valid, but something that it refers to does not allow it.</summary>
    Unprocessable,

    /// <summary>A dependency is not available at the moment; the same request may succeed later.</summary>
    Unavailable,
}
