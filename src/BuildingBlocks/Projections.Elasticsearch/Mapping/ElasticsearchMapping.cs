using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;

/// <summary>Maps rows to documents: the key, the JSON and the searchable fields.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="json">The row's JSON.</param>
/// <param name="key">The key of a row.</param>
public sealed class ElasticsearchMapping<TKey, TRow>(JsonTypeInfo<TRow> json, Func<TRow, TKey> key)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly List<Field> fields = [];

    internal JsonTypeInfo<TRow> Json { get; } = json;

    internal Func<TRow, TKey> Key { get; } = key;

    /// <summary>A field of words, indexed without analysis except for splitting at spaces; phrases can be searched.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="words">The words, separated by single spaces; null for none.</param>
    public ElasticsearchMapping<TKey, TRow> Text(string name, Func<TRow, string?> words) => With(
        name, """{"type":"text","analyzer":"whitespace"}""", (writer, row) => WriteText(writer, name, words(row)));

    /// <summary>A field with a single term, indexed without analysis.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The value; null for none.</param>
    public ElasticsearchMapping<TKey, TRow> Keyword(string name, Func<TRow, string?> value) => With(
        name, """{"type":"keyword"}""", (writer, row) => WriteText(writer, name, value(row)));

    /// <summary>A field with a 64-bit integer, for ranges.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The number; null for none.</param>
    public ElasticsearchMapping<TKey, TRow> Number(string name, Func<TRow, long?> value) =>
        With(name, """{"type":"long"}""", (writer, row) =>
        {
            if (value(row) is { } number)
                writer.WriteNumber(name, number);
        });

    /// <summary>A field with a time as milliseconds since 1970, for ranges.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The time; null for none.</param>
    public ElasticsearchMapping<TKey, TRow> Date(string name, Func<TRow, DateTimeOffset?> value) =>
        Number(name, row => value(row)?.ToUnixTimeMilliseconds());

    /// <summary>The mapping of the fields, to be appended to that of the store.</summary>
    internal string Properties => string.Concat(fields.Select(entry => $",{JsonSerializer.Serialize(entry.Name)}:{entry.Type}"));

    /// <summary>Writes the fields of a row to its document.</summary>
    internal void WriteFields(Utf8JsonWriter writer, TRow row)
    {
        foreach (var field in fields)
            field.Write(writer, row);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is { Length: > 0 })
            writer.WriteString(name, text);
    }

    private ElasticsearchMapping<TKey, TRow> With(string name, string type, Action<Utf8JsonWriter, TRow> write)
    {
        if (name == ElasticsearchFields.Store || fields.Any(field => field.Name == name))
            throw new InvalidOperationException($"A field cannot be named {name}: there is one of that name.");
        fields.Add(new Field(name, type, write));
        return this;
    }

    private sealed record Field(string Name, string Type, Action<Utf8JsonWriter, TRow> Write);
}
