namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>What happens to a request on its way.</summary>
internal enum Fault
{
    None,

    /// <summary>The server never sees it.</summary>
    RequestLost,

    /// <summary>The server does what it asks, and nobody hears of it.</summary>
    AnswerLost,

    /// <summary>The server has no room for it now.</summary>
    TooMany,
}
