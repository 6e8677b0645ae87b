using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;

/// <summary>
/// A row as a document: how far the log is applied to it is its version, so that an older writer's older row never takes the place of a newer one. What is left of a deleted row is a document too, or an
/// older writer would bring it back.
/// </summary>
internal static class RowDocument
{
    /// <summary>Adds the writing of a row to a bulk request.</summary>
    public static void Add<TKey, TRow>(BulkBody body, ElasticsearchMapping<TKey, TRow> mapping, TKey key, TRow? row, RowOffset place)
        where TKey : struct, IEquatable<TKey>
        where TRow : class
    {
        var text = KeyText.Of(key);
        var writer = body.BeginVersion(text, place.Next);
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
        writer.WriteNumber("partition"u8, place.Partition);
        writer.WriteNumber("next"u8, place.Next);
        writer.WriteEndObject();
        if (row is not null)
            mapping.WriteFields(writer, row);
        writer.WriteEndObject();
        body.End();
    }

    /// <summary>The row of a document's source, as JSON; false where it is gone.</summary>
    public static bool TryGetRow(JsonElement source, out JsonElement row) => source.GetProperty(ElasticsearchFields.Store).TryGetProperty(ElasticsearchFields.Row, out row);

    /// <summary>How far the log is applied to the row of a document's source.</summary>
    public static RowOffset PlaceOf(JsonElement source)
    {
        var store = source.GetProperty(ElasticsearchFields.Store);
        return new RowOffset(store.GetProperty("partition").GetInt32(), store.GetProperty("next").GetInt64());
    }
}
