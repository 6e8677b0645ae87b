using System.Globalization;
using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The version of a document for optimistic concurrency.</summary>
internal readonly record struct DocumentVersion(long Sequence, long Term)
{
    /// <summary>The query parameters that make a write fail if the document has another version.</summary>
    public string Condition => string.Create(CultureInfo.InvariantCulture, $"if_seq_no={Sequence}&if_primary_term={Term}");

    public static DocumentVersion Of(JsonElement response) =>
        new(response.GetProperty("_seq_no").GetInt64(), response.GetProperty("_primary_term").GetInt64());
}
