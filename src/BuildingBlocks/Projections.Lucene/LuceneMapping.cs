using System.Text.Json.Serialization.Metadata;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>How a row becomes a document: its key, its JSON, and the fields by which it is found.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="json">The row's JSON.</param>
/// <param name="key">The key of a row.</param>
public sealed class LuceneMapping<TKey, TRow>(JsonTypeInfo<TRow> json, Func<TRow, TKey> key)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly List<Func<FieldWriter<TRow>>> fields = [];

    internal JsonTypeInfo<TRow> Json { get; } = json;

    internal Func<TRow, TKey> Key { get; } = key;

    /// <summary>A field of words. The fold has cut and folded them already: they are taken as they are, with their places for phrases.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="words">The words, with single spaces between them; null where there are none.</param>
    /// <param name="stored">Whether the text can be read from a hit.</param>
    public LuceneMapping<TKey, TRow> Text(string name, Func<TRow, string?> words, bool stored = false) => With(() => new TextWriter<TRow>(name, words, stored));

    /// <summary>A field of one term, taken as it is.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The value; null where there is none.</param>
    /// <param name="stored">Whether it can be read from a hit.</param>
    /// <param name="sorted">Whether hits can be sorted by it.</param>
    public LuceneMapping<TKey, TRow> Keyword(string name, Func<TRow, string?> value, bool stored = false, bool sorted = false) => With(() => new KeywordWriter<TRow>(name, value, stored, sorted));

    /// <summary>A field of a whole number, for ranges.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The number; null where there is none.</param>
    /// <param name="stored">Whether it can be read from a hit.</param>
    /// <param name="sorted">Whether hits can be sorted by it.</param>
    public LuceneMapping<TKey, TRow> Number(string name, Func<TRow, long?> value, bool stored = false, bool sorted = false) => With(() => new NumberWriter<TRow>(name, value, stored, sorted));

    /// <summary>A field of a time, for ranges: milliseconds since 1970 as a whole number.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The time; null where there is none.</param>
    /// <param name="stored">Whether it can be read from a hit.</param>
    /// <param name="sorted">Whether hits can be sorted by it.</param>
    public LuceneMapping<TKey, TRow> Date(string name, Func<TRow, DateTimeOffset?> value, bool stored = false, bool sorted = false) =>
        Number(name, row => value(row)?.ToUnixTimeMilliseconds(), stored, sorted);

    internal IReadOnlyList<FieldWriter<TRow>> NewWriters() => [.. fields.Select(field => field())];

    private LuceneMapping<TKey, TRow> With(Func<FieldWriter<TRow>> field)
    {
        fields.Add(field);
        return this;
    }
}
