using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>A search in one index.</summary>
/// <param name="Node">What a document must have, and what that is worth.</param>
/// <param name="Filter">What it must be besides, for nothing.</param>
/// <param name="Limit">How many hits are wanted.</param>
/// <param name="After">The hit after which they start; null for the best ones.</param>
internal sealed record IndexSearch(SearchNode Node, SearchFilter Filter, int Limit, SearchPlace? After = null);
