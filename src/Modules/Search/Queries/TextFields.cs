namespace Monolith.Modules.Search.Queries;

/// <summary>The fields of an index that hold words, and how a row gives them: folded words with a space between them.</summary>
/// <typeparam name="TRow">What is indexed.</typeparam>
internal sealed class TextFields<TRow> : Dictionary<string, Func<TRow, string>>
{
    /// <summary>All fields of a row.</summary>
    public IReadOnlyDictionary<string, string> Of(TRow row) => this.ToDictionary(field => field.Key, field => field.Value(row));
}
