using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A document that takes the shape of row after row, without a new object for each; one a writing thread.</summary>
internal sealed class RowDocument<TKey, TRow> : IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly LuceneMapping<TKey, TRow> mapping;
    private readonly IReadOnlyList<FieldWriter<TRow>> writers;
    private readonly List<IIndexableField> fields = [];
    private readonly StringField key = new(LuceneFields.Key, "", Field.Store.NO);
    private readonly BytesRef bytes = new();
    private readonly StoredField row;
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;

    public RowDocument(LuceneMapping<TKey, TRow> mapping)
    {
        this.mapping = mapping;
        writers = mapping.NewWriters();
        row = new StoredField(LuceneFields.Row, bytes);
        json = new Utf8JsonWriter(buffer);
    }

    /// <summary>The key of the row that it has the shape of.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Its fields, valid until it takes the next shape.</summary>
    public IEnumerable<IIndexableField> Fields => fields;

    public void Dispose() => json.Dispose();

    /// <summary>Looks whether an index would take a row, without taking its shape.</summary>
    /// <exception cref="RowsRefusedException">It would not.</exception>
    public void Check(TRow of)
    {
        fields.Clear();
        foreach (var writer in writers)
            Accept(writer.Add(of, fields));
    }

    /// <summary>Takes the shape of a row.</summary>
    /// <exception cref="RowsRefusedException">An index would not take it.</exception>
    public RowDocument<TKey, TRow> Of(TRow of)
    {
        Check(of);
        Key = KeyText.Of(mapping.Key(of));
        key.SetStringValue(Key);
        fields.Add(key);

        buffer.ResetWrittenCount();
        json.Reset();
        JsonSerializer.Serialize(json, of, mapping.Json);
        json.Flush();
        MemoryMarshal.TryGetArray(buffer.WrittenMemory, out var written);
        (bytes.Bytes, bytes.Offset, bytes.Length) = (written.Array!, written.Offset, written.Count);
        fields.Add(row);
        return this;
    }

    private static void Accept(string? refusal)
    {
        if (refusal is not null)
            throw new RowsRefusedException(refusal, new ArgumentException(refusal));
    }
}
