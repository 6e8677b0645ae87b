using System.Buffers;
using System.Runtime.InteropServices;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The registry as a document that all hosts share: the server compares and swaps it. What was read is kept, so that only its version is asked for while nobody changes it.</summary>
internal sealed class ElasticsearchRegistryDocument(ElasticsearchClient client, StoreNames names) : IRegistryDocument
{
    private volatile RegistryDocument? known;

    public async Task<RegistryDocument?> ReadAsync(CancellationToken cancellation)
    {
        var look = await client.SendAsync(ElasticsearchRequest.Get($"{names.Registry}/_doc/registry?_source=false"), RetryPolicy.OfSteps, cancellation);
        if (look.Status == ElasticsearchResponse.Missing)
            return null;
        using var found = look.Required().Json();
        if (known is { } same && same.Version == VersionOf(DocumentVersion.Of(found.RootElement)))
            return same;
        var answer = await client.SendAsync(ElasticsearchRequest.Get($"{names.Registry}/_doc/registry"), RetryPolicy.OfSteps, cancellation);
        if (answer.Status == ElasticsearchResponse.Missing)
            return null;
        using var json = answer.Required().Json();
        var content = JsonMarshal.GetRawUtf8Value(json.RootElement.GetProperty("_source").GetProperty("registry")).ToArray();
        return known = new RegistryDocument(content, VersionOf(DocumentVersion.Of(json.RootElement)));
    }

    public async Task<string?> WriteAsync(ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellation)
    {
        var path = expected is null ? $"{names.Registry}/_create/registry" : $"{names.Registry}/_doc/registry?{expected}";
        var answer = await client.SendAsync(new ElasticsearchRequest(HttpMethod.Put, path, BodyOf(content)), RetryPolicy.OfSteps, cancellation);
        // An attempt before it may have arrived, and its answer not.
        if (answer.Status == ElasticsearchResponse.Conflict)
            return await ReadAsync(cancellation) is { } there && there.Content.Span.SequenceEqual(content.Span) ? there.Version : null;
        if (answer.Status == ElasticsearchResponse.Forbidden)
            throw new StorageUnavailableException($"The registry takes no changes: {answer.Failure().Message}", answer.Failure());
        using var json = answer.Required().Json();
        known = new RegistryDocument(content, VersionOf(DocumentVersion.Of(json.RootElement)));
        return known.Version;
    }

    private static string VersionOf(DocumentVersion written) => written.Condition;

    private static ReadOnlyMemory<byte> BodyOf(ReadOnlyMemory<byte> content)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write("""{"kind":"registry","registry":"""u8);
        body.Write(content.Span);
        body.Write("}"u8);
        return body.WrittenMemory;
    }
}
