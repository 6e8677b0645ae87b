namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>A request, which may be sent several times.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without a leading slash, and the query.</param>
/// <param name="Body">JSON or newline-delimited JSON; empty for none.</param>
/// <param name="IsLines">Whether the body is newline-delimited JSON.</param>
internal sealed record ElasticsearchRequest(HttpMethod Method, string Path, ReadOnlyMemory<byte> Body = default, bool IsLines = false)
{
    public static ElasticsearchRequest Get(string path) => new(HttpMethod.Get, path);

    public static ElasticsearchRequest Post(string path, string? json = null) => new(HttpMethod.Post, path, Bytes(json));

    public static ElasticsearchRequest Put(string path, string json) => new(HttpMethod.Put, path, Bytes(json));

    public static ElasticsearchRequest Delete(string path) => new(HttpMethod.Delete, path);

    private static byte[] Bytes(string? json) => json is null ? [] : System.Text.Encoding.UTF8.GetBytes(json);
}
