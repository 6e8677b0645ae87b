using System.Text.Json.Serialization.Metadata;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Maps rows to documents: the key, the JSON and the searchable fields.</summary>
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

    /// <summary>A field of words, indexed without analysis except for splitting at spaces; phrases can be searched.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="words">The words, separated by single spaces; null for none.</param>
    /// <param name="stored">Whether hits contain the text.</param>
    public LuceneMapping<TKey, TRow> Text(string name, Func<TRow, string?> words, bool stored = false) =>
        With(() => new TextWriter<TRow>(name, words, stored));

    /// <summary>A field with a single term, indexed without analysis.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The value; null for none.</param>
    /// <param name="stored">Whether hits contain the value.</param>
    /// <param name="sorted">Whether hits can be sorted by it.</param>
    public LuceneMapping<TKey, TRow> Keyword(string name, Func<TRow, string?> value, bool stored = false, bool sorted = false) =>
        With(() => new KeywordWriter<TRow>(name, value, stored, sorted));

    /// <summary>A field with a 64-bit integer, for ranges.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The number; null for none.</param>
    /// <param name="stored">Whether hits contain the value.</param>
    /// <param name="sorted">Whether hits can be sorted by it.</param>
    public LuceneMapping<TKey, TRow> Number(string name, Func<TRow, long?> value, bool stored = false, bool sorted = false) =>
        With(() => new NumberWriter<TRow>(name, value, stored, sorted));

    /// <summary>A field with a time as milliseconds since 1970, for ranges.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The time; null for none.</param>
    /// <param name="stored">Whether hits contain the value.</param>
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
