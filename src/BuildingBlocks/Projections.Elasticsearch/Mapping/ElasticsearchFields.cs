namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;

/// <summary>The fields of an index that the store maintains.</summary>
public static class ElasticsearchFields
{
    /// <summary>The key of a row; hits can be sorted by it.</summary>
    public const string Key = $"{Store}.key";

    /// <summary>The object that contains them.</summary>
    internal const string Store = "doc";

    internal const string Row = "row";
    internal const string Tombstone = $"{Store}.gone";

    /// <summary>A query for all rows without tombstones, as JSON. Queries over fields of the mapping need no such filter.</summary>
    public const string AllRows = """{"bool":{"must_not":{"exists":{"field":""" + $"\"{Tombstone}\"" + "}}}}";

    /// <summary>Their mapping.</summary>
    internal const string Properties = """
        "doc":{"properties":{"row":{"type":"object","enabled":false},"key":{"type":"keyword"},"gone":{"type":"boolean"},
        "partition":{"type":"integer"},"next":{"type":"long"}}}
        """;
}
