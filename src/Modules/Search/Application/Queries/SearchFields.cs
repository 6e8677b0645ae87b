namespace Monolith.Modules.Search.Application.Queries;

/// <summary>The fields of an index that a query searches.</summary>
/// <param name="Words">All words of the document.</param>
/// <param name="Main">The words of its names; <paramref name="Words"/> has them too.</param>
/// <param name="Whole">A unique name as a single term; null if the index has none.</param>
internal sealed record SearchFields(string Words, string Main, string? Whole);

/// <summary>The text fields of an index by name, each computed from a row: folded words, separated by spaces.</summary>
internal sealed class TextFields<TRow> : Dictionary<string, Func<TRow, string>>
{
    public IReadOnlyDictionary<string, string> Of(TRow row) => this.ToDictionary(field => field.Key, field => field.Value(row));
}
