namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>A fault of a request.</summary>
internal enum Fault
{
    None,

    /// <summary>The server does not receive the request.</summary>
    RequestLost,

    /// <summary>The server executes the request, and its answer is lost.</summary>
    AnswerLost,

    /// <summary>The server rejects the request because it is overloaded.</summary>
    TooMany,
}
