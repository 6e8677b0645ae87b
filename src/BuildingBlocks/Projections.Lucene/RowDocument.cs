using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A reusable document for successive rows. Each writing thread has its own.</summary>
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

    /// <summary>The key of the current row.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The fields of the current row.</summary>
    public IEnumerable<IIndexableField> Fields => fields;

    public void Dispose() => json.Dispose();

    /// <summary>Validates a row.</summary>
    /// <exception cref="RowsRefusedException">The index would reject the row.</exception>
    public void Check(TRow of)
    {
        fields.Clear();
        foreach (var writer in writers)
            ThrowIfInvalid(writer.Add(of, fields));
    }

    /// <summary>Sets the fields to those of a row.</summary>
    /// <exception cref="RowsRefusedException">The index would reject the row.</exception>
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

    private static void ThrowIfInvalid(string? error)
    {
        if (error is not null)
            throw new RowsRefusedException(error, new ArgumentException(error));
    }
}
