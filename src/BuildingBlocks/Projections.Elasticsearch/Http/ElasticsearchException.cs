using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>Elasticsearch refuses something, and says why.</summary>
/// <param name="status">The status.</param>
/// <param name="type">The kind of failure, in its words.</param>
/// <param name="message">What it says.</param>
internal sealed class ElasticsearchException(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    /// <summary>An index takes no writes: an operator has said so, or its disk is full.</summary>
    public bool IsBlock => Type == "cluster_block_exception";

    public bool IsMissingIndex => Type == "index_not_found_exception";

    /// <summary>The index is there, and what holds its documents is not yet: a server that has just been started.</summary>
    public bool IsMissingShard => Type == "no_shard_available_action_exception";

    public bool IsExistingIndex => Type == "resource_already_exists_exception";

    public static ElasticsearchException Of(int status, JsonElement error)
    {
        var type = TextOf(error, "type");
        return new ElasticsearchException(status, type, $"{type}: {WithoutData(TextOf(error, "reason"))}");
    }

    // Its first sentence names what it refuses; what comes after quotes it.
    private static string WithoutData(string reason) => reason.Split(["Preview of field", ". ", ".  "], 2, StringSplitOptions.None)[0];

    private static string TextOf(JsonElement error, string name) => error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
