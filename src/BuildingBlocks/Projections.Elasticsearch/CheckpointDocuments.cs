using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// The checkpoints, one document per generation, so that all of them are read consistently. They are advanced after their batch, by
/// compare-and-swap: if the document has changed meanwhile, it is read again, and epochs and offsets are compared.
/// </summary>
internal sealed class CheckpointDocuments(ElasticsearchClient client, StoreNames names)
{
    private readonly ConcurrentDictionary<int, Checkpoints> known = [];

    /// <summary>Creates an empty document unless there is one.</summary>
    public async Task CreateAsync(int generation, CancellationToken cancellation)
    {
        var path = $"{names.Registry}/_create/{IdOf(generation)}";
        var request = new ElasticsearchRequest(HttpMethod.Put, path, BodyOf(generation, [], false));
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        if (response.Status != ElasticsearchResponse.Conflict)
            response.EnsureSuccess();
    }

    /// <summary>The checkpoints of a generation; empty if it has none or has ended.</summary>
    public async Task<IReadOnlyCollection<Checkpoint>> ReadAsync(int generation, CancellationToken cancellation) =>
        await LoadAsync(generation, cancellation) is { IsClosed: false } found ? [.. found.Points.Values] : [];

    /// <summary>Compares the checkpoints with the cached ones. If these are stale, <see cref="MoveAsync"/> fails.</summary>
    /// <exception cref="CheckpointLostException">Epoch or offset differ.</exception>
    public async Task CheckAsync(int generation, IReadOnlyList<CheckpointAdvance> advances, CancellationToken cancellation)
    {
        if (known.TryGetValue(generation, out var cached) && cached.Allows(advances))
            return;
        if (await LoadAsync(generation, cancellation) is not { } current || !current.Allows(advances))
            throw new CheckpointLostException();
    }

    /// <summary>Advances checkpoints.</summary>
    /// <exception cref="CheckpointLostException">
    /// Another writer has the partitions, or an earlier attempt succeeded; nothing was written.
    /// </exception>
    public async Task MoveAsync(int generation, IReadOnlyList<CheckpointAdvance> advances, CancellationToken cancellation)
    {
        if (advances.Count == 0)
            return;
        Checkpoint[] moved =
        [
            .. advances.Select(advance =>
                new Checkpoint(advance.Partition, advance.Epoch, advance.To, advance.LastEventId, advance.Position, advance.Source)),
        ];
        var before = known.GetValueOrDefault(generation);
        var isFresh = false;
        while (true)
        {
            if (before is null || !before.Allows(advances))
            {
                if (isFresh)
                    throw new CheckpointLostException();
                (before, isFresh) = (await LoadAsync(generation, cancellation), true);
                continue;
            }

            if (await WriteAsync(generation, before, before.With(moved), false, cancellation))
                return;
            (before, isFresh) = (await LoadAsync(generation, cancellation), true);
            // An earlier attempt may have succeeded without a response.
            if (before is not null && moved.All(point => before.Points.GetValueOrDefault(point.Partition) == point))
                return;
        }
    }

    /// <summary>Increments the epochs of partitions; empty if the generation has ended.</summary>
    public async Task<IReadOnlyList<Checkpoint>> TakeAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        while (true)
        {
            if (await LoadAsync(generation, cancellation) is not { IsClosed: false } before)
                return [];
            Checkpoint[] taken =
            [
                .. partitions.Select(partition => before.Points.TryGetValue(partition, out var point)
                    ? point with { Epoch = point.Epoch + 1 }
                    : new Checkpoint(partition, 1, 0, null, 0, null)),
            ];
            if (await WriteAsync(generation, before, before.With(taken), false, cancellation))
                return taken;
        }
    }

    /// <summary>Ends a generation: removes its checkpoints and accepts no others.</summary>
    public async Task DeleteAsync(int generation, CancellationToken cancellation)
    {
        while (await LoadAsync(generation, cancellation) is { IsClosed: false } before)
        {
            if (await WriteAsync(generation, before, before.Points.Clear(), true, cancellation))
                return;
        }
    }

    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        known.TryRemove(generation, out _);
        var request = ElasticsearchRequest.Delete($"{names.Registry}/_doc/{IdOf(generation)}");
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        if (response.Status != ElasticsearchResponse.NotFound)
            response.EnsureSuccess();
    }

    private async Task<Checkpoints?> LoadAsync(int generation, CancellationToken cancellation)
    {
        known.TryRemove(generation, out _);
        var request = ElasticsearchRequest.Get($"{names.Registry}/_doc/{IdOf(generation)}");
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        if (response.Status == ElasticsearchResponse.NotFound)
            return null;
        using var json = response.EnsureSuccess().Json();
        var document = json.RootElement.GetProperty("_source").Deserialize(CheckpointJson.Default.CheckpointDocument)!;
        var points = document.Points.ToImmutableDictionary(point => point.Partition);
        return known[generation] = new Checkpoints(points, document.Closed, DocumentVersion.Of(json.RootElement));
    }

    private async Task<bool> WriteAsync(
        int generation,
        Checkpoints before,
        ImmutableDictionary<LogPartition, Checkpoint> points,
        bool closed,
        CancellationToken cancellation)
    {
        // Without a response, the state of the document is unknown.
        known.TryRemove(generation, out _);
        var path = $"{names.Registry}/_doc/{IdOf(generation)}?{before.Version.Condition}";
        var request = new ElasticsearchRequest(HttpMethod.Put, path, BodyOf(generation, points.Values, closed));
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        if (response.Status == ElasticsearchResponse.Conflict)
            return false;
        if (response.Status == ElasticsearchResponse.Forbidden)
        {
            var failure = response.Failure();
            throw new StorageUnavailableException($"The checkpoints cannot be written: {failure.Message}", failure);
        }

        using var json = response.EnsureSuccess().Json();
        known[generation] = new Checkpoints(points, closed, DocumentVersion.Of(json.RootElement));
        return true;
    }

    private static string IdOf(int generation) => string.Create(CultureInfo.InvariantCulture, $"checkpoints-g{generation}");

    private static byte[] BodyOf(int generation, IEnumerable<Checkpoint> points, bool closed) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new CheckpointDocument("checkpoints", generation, closed, [.. points]), CheckpointJson.Default.CheckpointDocument);

    private sealed record Checkpoints(ImmutableDictionary<LogPartition, Checkpoint> Points, bool IsClosed, DocumentVersion Version)
    {
        public bool Allows(IReadOnlyList<CheckpointAdvance> advances) => !IsClosed && advances.All(advance =>
            Points.TryGetValue(advance.Partition, out var point)
            && (point.Epoch, point.NextOffset) == (advance.Epoch, advance.From));

        public ImmutableDictionary<LogPartition, Checkpoint> With(IEnumerable<Checkpoint> points) =>
            Points.SetItems(points.Select(point => KeyValuePair.Create(point.Partition, point)));
    }
}

/// <summary>The JSON of a document. Its properties are persisted.</summary>
internal sealed record CheckpointDocument(string Kind, int Generation, bool Closed, IReadOnlyList<Checkpoint> Points);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CheckpointDocument))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
