using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>An error response of Elasticsearch.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">The error type.</param>
/// <param name="message">The reason.</param>
internal sealed class ElasticsearchException(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    /// <summary>The index has a write block, set by an operator or by the server because its disk is full.</summary>
    public bool IsBlock => Type == "cluster_block_exception";

    public bool IsMissingIndex => Type == "index_not_found_exception";

    /// <summary>No shard of the index is available yet: the server has just started.</summary>
    public bool IsMissingShard => Type == "no_shard_available_action_exception";

    public bool IsExistingIndex => Type == "resource_already_exists_exception";

    public static ElasticsearchException Of(int status, JsonElement error)
    {
        var type = TextOf(error, "type");
        return new ElasticsearchException(status, type, $"{type}: {WithoutData(TextOf(error, "reason"))}");
    }

    // The first sentence names the field; the rest quotes the rejected value, which may be personal data.
    private static string WithoutData(string reason) =>
        reason.Split(["Preview of field", ". ", ".  "], 2, StringSplitOptions.None)[0];

    private static string TextOf(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
