using System.Globalization;
using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>Which writing of a document it was; another one has another number.</summary>
internal readonly record struct DocumentVersion(long Sequence, long Term)
{
    /// <summary>What makes a writing hold only where this one was the last.</summary>
    public string Condition => string.Create(CultureInfo.InvariantCulture, $"if_seq_no={Sequence}&if_primary_term={Term}");

    public static DocumentVersion Of(JsonElement answer) => new(answer.GetProperty("_seq_no").GetInt64(), answer.GetProperty("_primary_term").GetInt64());
}
