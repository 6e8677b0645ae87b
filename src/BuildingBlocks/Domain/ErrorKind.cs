namespace Monolith.BuildingBlocks.Domain;

/// <summary>The sorts of refusal that a caller can tell apart.</summary>
public enum ErrorKind
{
    /// <summary>The request itself is malformed or breaks a rule for its fields.</summary>
    Invalid,

    /// <summary>Whoever asks may not, whatever they ask for.</summary>
    Forbidden,

    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>The thing is in a state that does not allow this, or somebody else was faster.</summary>
    Conflict,

    /// <summary>The caller named a version that is no longer the current one.</summary>
    Stale,

    /// <summary>The request is well-formed, but what it refers to does not allow it.</summary>
    Unprocessable,

    /// <summary>Something that is needed is away for the moment; the same request may pass later.</summary>
    Unavailable,
}
