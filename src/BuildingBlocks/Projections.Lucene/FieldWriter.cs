using System.Text;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Writes one field of successive rows and reuses its field instances. Each writing thread has its own writers.</summary>
internal abstract class FieldWriter<TRow>
{
    /// <summary>The maximum length of a term, in bytes of UTF-8.</summary>
    private const int MaxTermBytes = 32_766;
    private const int MaxBytesPerChar = 3;

    /// <summary>Adds the field of the row to a document.</summary>
    /// <returns>Why the index would reject the field; null if it is valid.</returns>
    public abstract string? Add(TRow row, List<IIndexableField> document);

    protected static string? ErrorOf(string name, ReadOnlySpan<char> term) =>
        term.Length > MaxTermBytes / MaxBytesPerChar && Encoding.UTF8.GetByteCount(term) is var bytes && bytes > MaxTermBytes
            ? $"the field {name} has a term of {bytes} bytes, an index takes {MaxTermBytes}"
            : null;
}

/// <summary>A field with a single term.</summary>
internal sealed class KeywordWriter<TRow>(string name, Func<TRow, string?> value, bool stored, bool sorted) : FieldWriter<TRow>
{
    private readonly StringField field = new(name, "", stored ? Field.Store.YES : Field.Store.NO);
    private readonly SortedDocValuesField? docValues = sorted ? new SortedDocValuesField(name, new BytesRef()) : null;

    public override string? Add(TRow row, List<IIndexableField> document)
    {
        if (value(row) is not { } text)
            return null;
        if (ErrorOf(name, text) is { } error)
            return error;
        field.SetStringValue(text);
        document.Add(field);
        if (docValues is null)
            return null;
        docValues.SetBytesValue(new BytesRef(text));
        document.Add(docValues);
        return null;
    }
}

/// <summary>A field with a 64-bit integer.</summary>
internal sealed class NumberWriter<TRow>(string name, Func<TRow, long?> value, bool stored, bool sorted) : FieldWriter<TRow>
{
    private readonly Int64Field field = new(name, 0, stored ? Field.Store.YES : Field.Store.NO);
    private readonly NumericDocValuesField? docValues = sorted ? new NumericDocValuesField(name, 0) : null;

    public override string? Add(TRow row, List<IIndexableField> document)
    {
        if (value(row) is not { } number)
            return null;
        field.SetInt64Value(number);
        document.Add(field);
        if (docValues is null)
            return null;
        docValues.SetInt64Value(number);
        document.Add(docValues);
        return null;
    }
}

/// <summary>A field of words that are separated by spaces.</summary>
internal sealed class TextWriter<TRow>(string name, Func<TRow, string?> words, bool stored) : FieldWriter<TRow>
{
    private readonly TextField field = new(name, "", stored ? Field.Store.YES : Field.Store.NO);

    public override string? Add(TRow row, List<IIndexableField> document)
    {
        if (words(row) is not { Length: > 0 } text)
            return null;
        if (ErrorOf(name, text) is not null && ErrorOfWords(text) is { } error)
            return error;
        field.SetStringValue(text);
        document.Add(field);
        return null;
    }

    private string? ErrorOfWords(string text)
    {
        foreach (var word in text.AsSpan().Split(' '))
        {
            if (ErrorOf(name, text.AsSpan()[word]) is { } error)
                return error;
        }

        return null;
    }
}
