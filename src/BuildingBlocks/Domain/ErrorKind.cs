namespace Monolith.BuildingBlocks.Domain;

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
