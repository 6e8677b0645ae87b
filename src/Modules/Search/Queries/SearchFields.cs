namespace Monolith.Modules.Search.Queries;

/// <summary>The fields of an index that words are looked for in.</summary>
/// <param name="Words">All words of the document.</param>
/// <param name="Main">Those that it is known by; they are in <paramref name="Words"/> too.</param>
/// <param name="Whole">A name in one word that nobody else has, not parted; null where the index has none.</param>
internal sealed record SearchFields(string Words, string Main, string? Whole);
