using System.Buffers;
using System.Runtime.InteropServices;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// The registry as a document that all hosts share, changed by compare-and-swap. The content is cached, so an unchanged document is not
/// transferred again.
/// </summary>
internal sealed class ElasticsearchRegistryDocument(ElasticsearchClient client, StoreNames names) : IRegistryDocument
{
    private volatile RegistryDocument? known;

    public async Task<RegistryDocument?> ReadAsync(CancellationToken cancellation)
    {
        var versionRequest = ElasticsearchRequest.Get($"{names.Registry}/_doc/registry?_source=false");
        var versionResponse = await client.SendAsync(versionRequest, RetryPolicy.OfSteps, cancellation);
        if (versionResponse.Status == ElasticsearchResponse.NotFound)
            return null;
        using var found = versionResponse.EnsureSuccess().Json();
        if (known is { } cached && cached.Version == DocumentVersion.Of(found.RootElement).Condition)
            return cached;
        var request = ElasticsearchRequest.Get($"{names.Registry}/_doc/registry");
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        if (response.Status == ElasticsearchResponse.NotFound)
            return null;
        using var json = response.EnsureSuccess().Json();
        var content = JsonMarshal.GetRawUtf8Value(json.RootElement.GetProperty("_source").GetProperty("registry")).ToArray();
        return known = new RegistryDocument(content, DocumentVersion.Of(json.RootElement).Condition);
    }

    public async Task<string?> WriteAsync(ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellation)
    {
        var path = expected is null ? $"{names.Registry}/_create/registry" : $"{names.Registry}/_doc/registry?{expected}";
        var request = new ElasticsearchRequest(HttpMethod.Put, path, BodyOf(content));
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        // An earlier attempt may have succeeded without a response.
        if (response.Status == ElasticsearchResponse.Conflict)
        {
            return await ReadAsync(cancellation) is { } current && current.Content.Span.SequenceEqual(content.Span)
                ? current.Version
                : null;
        }

        if (response.Status == ElasticsearchResponse.Forbidden)
        {
            var failure = response.Failure();
            throw new StorageUnavailableException($"The registry cannot be written: {failure.Message}", failure);
        }

        using var json = response.EnsureSuccess().Json();
        known = new RegistryDocument(content, DocumentVersion.Of(json.RootElement).Condition);
        return known.Version;
    }

    private static ReadOnlyMemory<byte> BodyOf(ReadOnlyMemory<byte> content)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write("""{"kind":"registry","registry":"""u8);
        body.Write(content.Span);
        body.Write("}"u8);
        return body.WrittenMemory;
    }
}
