using System.Buffers;
using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Elasticsearch;

/// <summary>Bodies of search requests.</summary>
internal static class ElasticsearchRequests
{
    /// <summary>The best hits, by score, then by id.</summary>
    public static ReadOnlyMemory<byte> Of(IndexSearch search) => Written(json =>
    {
        json.WriteNumber("size", search.Limit);
        json.WriteBoolean("track_total_hits", true);
        json.WriteStartArray("sort");
        json.WriteRawValue("""{"_score":"desc"}""");
        json.WriteRawValue($$"""{"{{ElasticsearchFields.Key}}":"asc"}""");
        json.WriteEndArray();
        if (search.After is { } after)
        {
            json.WriteStartArray("search_after");
            json.WriteNumberValue(after.Score);
            json.WriteStringValue(after.Id.ToString());
            json.WriteEndArray();
        }

        json.WriteStartObject("query");
        json.WriteStartObject("bool");
        json.WritePropertyName("must");
        ElasticsearchQueries.Write(json, search.Node);
        WriteFilter(json, search.Filter);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>The rows with these ids.</summary>
    public static ReadOnlyMemory<byte> Of(IReadOnlyCollection<Guid> ids) => Written(json =>
    {
        json.WriteNumber("size", ids.Count);
        json.WriteStartObject("query");
        json.WriteStartObject("bool");
        json.WriteStartArray("filter");
        ElasticsearchQueries.WriteTerms(json, ElasticsearchFields.Key, ids.Select(id => id.ToString()));
        json.WriteRawValue(ElasticsearchFields.AllRows);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteFilter(Utf8JsonWriter json, SearchFilter filter)
    {
        json.WriteStartArray("filter");
        if (filter.Status is { } status)
            ElasticsearchQueries.WriteTerms(json, IndexFields.Status, [status]);
        if (filter.From is not null || filter.To is not null)
        {
            json.WriteStartObject();
            json.WriteStartObject("range");
            json.WriteStartObject(IndexFields.At);
            if (IndexFields.TimeOf(filter.From) is { } from)
                json.WriteNumber("gte", from);
            if (IndexFields.TimeOf(filter.To) is { } to)
                json.WriteNumber("lt", to);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
