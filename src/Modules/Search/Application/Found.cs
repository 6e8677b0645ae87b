namespace Monolith.Modules.Search.Application;

/// <summary>What a search found.</summary>
/// <param name="Hits">The hits that were wanted, best first.</param>
/// <param name="Total">How many there are in all, exactly.</param>
internal sealed record Found<TRow>(IReadOnlyList<Hit<TRow>> Hits, long Total);

/// <summary>One document that was found.</summary>
internal sealed record Hit<TRow>(int Score, TRow Row);
