namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;

/// <summary>The fields of an index that the store itself keeps.</summary>
public static class ElasticsearchFields
{
    /// <summary>The key of a row, as text; hits can be sorted by it.</summary>
    public const string Key = $"{Store}.key";

    /// <summary>Holds all of them.</summary>
    internal const string Store = "doc";

    internal const string Row = "row";
    internal const string Gone = $"{Store}.gone";

    /// <summary>A query for all rows, as JSON: what is left of deleted ones is not among them. A query over fields of the mapping needs no such filter.</summary>
    public const string AllRows = """{"bool":{"must_not":{"exists":{"field":""" + $"\"{Gone}\"" + "}}}}";

    /// <summary>How an index is told of them.</summary>
    internal const string Properties = """
        "doc":{"properties":{"row":{"type":"object","enabled":false},"key":{"type":"keyword"},"gone":{"type":"boolean"},"partition":{"type":"integer"},"next":{"type":"long"}}}
        """;
}
