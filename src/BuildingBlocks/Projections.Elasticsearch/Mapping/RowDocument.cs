using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;

/// <summary>
/// A row as a document. Its version is the next offset to apply, so that a stale writer never replaces a newer row. A deleted row leaves a
/// tombstone, or a stale writer would restore it.
/// </summary>
internal static class RowDocument
{
    /// <summary>Adds a row to a bulk request; null adds a tombstone.</summary>
    public static void Add<TKey, TRow>(BulkBody body, ElasticsearchMapping<TKey, TRow> mapping, TKey key, TRow? row, RowOffset offset)
        where TKey : struct, IEquatable<TKey>
        where TRow : class
    {
        var text = KeyText.Of(key);
        var writer = body.BeginVersion(text, offset.Next);
        writer.WriteStartObject();
        writer.WriteStartObject(ElasticsearchFields.Store);
        if (row is null)
        {
            writer.WriteBoolean("gone"u8, true);
        }
        else
        {
            writer.WritePropertyName(ElasticsearchFields.Row);
            JsonSerializer.Serialize(writer, row, mapping.Json);
        }

        writer.WriteString("key"u8, text);
        writer.WriteNumber("partition"u8, offset.Partition);
        writer.WriteNumber("next"u8, offset.Next);
        writer.WriteEndObject();
        if (row is not null)
            mapping.WriteFields(writer, row);
        writer.WriteEndObject();
        body.End();
    }

    /// <summary>The row of a document's source, as JSON; false for a tombstone.</summary>
    public static bool TryGetRow(JsonElement source, out JsonElement row) =>
        source.GetProperty(ElasticsearchFields.Store).TryGetProperty(ElasticsearchFields.Row, out row);

    /// <summary>The offset of the row of a document's source.</summary>
    public static RowOffset OffsetOf(JsonElement source)
    {
        var store = source.GetProperty(ElasticsearchFields.Store);
        return new RowOffset(store.GetProperty("partition").GetInt32(), store.GetProperty("next").GetInt64());
    }
}
