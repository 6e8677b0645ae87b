using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// The checkpoints, one document a generation, so that all of them are read at one moment. A step is written after its batch, by compare-and-swap: where somebody else has written meanwhile, the document
/// is read again, and the step holds only if epoch and offset of its partitions are still those that the writer knows.
/// </summary>
internal sealed class CheckpointDocuments(ElasticsearchClient client, StoreNames names)
{
    private readonly ConcurrentDictionary<int, Checkpoints> known = [];

    /// <summary>Makes the document of a generation, with no partition in it; leaves one that is there as it is.</summary>
    public async Task CreateAsync(int generation, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(new ElasticsearchRequest(HttpMethod.Put, $"{names.Registry}/_create/{IdOf(generation)}", BodyOf(generation, [], false)), RetryPolicy.OfSteps, cancellation);
        if (answer.Status != ElasticsearchResponse.Conflict)
            answer.Required();
    }

    /// <summary>The checkpoints of a generation; empty where there are none, or it has ended.</summary>
    public async Task<IReadOnlyCollection<Checkpoint>> ReadAsync(int generation, CancellationToken cancellation) => await LoadAsync(generation, cancellation) is { IsClosed: false } found ? [.. found.Points.Values] : [];

    /// <summary>Looks whether a step could be made, as far as this process knows; what it knows may be old, and then the step itself fails.</summary>
    /// <exception cref="CheckpointLostException">It could not.</exception>
    public async Task CheckAsync(int generation, IReadOnlyList<CheckpointAdvance> advances, CancellationToken cancellation)
    {
        if (known.TryGetValue(generation, out var old) && old.Allows(advances))
            return;
        if (await LoadAsync(generation, cancellation) is not { } now || !now.Allows(advances))
            throw new CheckpointLostException();
    }

    /// <summary>Makes a step.</summary>
    /// <exception cref="CheckpointLostException">Somebody else has the partitions, or an earlier step did arrive; nothing was written.</exception>
    public async Task MoveAsync(int generation, IReadOnlyList<CheckpointAdvance> advances, CancellationToken cancellation)
    {
        if (advances.Count == 0)
            return;
        Checkpoint[] moved = [.. advances.Select(advance => new Checkpoint(advance.Partition, advance.Epoch, advance.To, advance.LastEventId, advance.Position, advance.Source))];
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

            if (await WriteAsync(generation, before, before.Points.SetItems(moved.Select(point => KeyValuePair.Create(point.Partition, point))), false, cancellation))
                return;
            (before, isFresh) = (await LoadAsync(generation, cancellation), true);
            // An attempt before it may have arrived, and its answer not.
            if (before is not null && moved.All(point => before.Points.GetValueOrDefault(point.Partition) == point))
                return;
        }
    }

    /// <summary>Gives partitions the next epoch; empty where the generation has ended.</summary>
    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        while (true)
        {
            if (await LoadAsync(generation, cancellation) is not { IsClosed: false } before)
                return [];
            Checkpoint[] taken =
            [
                .. partitions.Select(partition => before.Points.TryGetValue(partition, out var point) ? point with { Epoch = point.Epoch + 1 } : new Checkpoint(partition, 1, 0, null, 0, null)),
            ];
            if (await WriteAsync(generation, before, before.Points.SetItems(taken.Select(point => KeyValuePair.Create(point.Partition, point))), false, cancellation))
                return taken;
        }
    }

    /// <summary>Forgets the checkpoints of a generation that has ended, for ever.</summary>
    public async Task DeleteCheckpointsAsync(int generation, CancellationToken cancellation)
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
        var answer = await client.SendAsync(ElasticsearchRequest.Delete($"{names.Registry}/_doc/{IdOf(generation)}"), RetryPolicy.OfSteps, cancellation);
        if (answer.Status != ElasticsearchResponse.Missing)
            answer.Required();
    }

    private async Task<Checkpoints?> LoadAsync(int generation, CancellationToken cancellation)
    {
        known.TryRemove(generation, out _);
        var answer = await client.SendAsync(ElasticsearchRequest.Get($"{names.Registry}/_doc/{IdOf(generation)}"), RetryPolicy.OfSteps, cancellation);
        if (answer.Status == ElasticsearchResponse.Missing)
            return null;
        using var json = answer.Required().Json();
        var document = json.RootElement.GetProperty("_source").Deserialize(CheckpointJson.Default.CheckpointDocument)!;
        return known[generation] = new Checkpoints(document.Points.ToImmutableDictionary(point => point.Partition), document.Closed, DocumentVersion.Of(json.RootElement));
    }

    private async Task<bool> WriteAsync(int generation, Checkpoints before, ImmutableDictionary<LogPartition, Checkpoint> points, bool closed, CancellationToken cancellation)
    {
        // Whatever becomes of it: only an answer says what is there now.
        known.TryRemove(generation, out _);
        var path = $"{names.Registry}/_doc/{IdOf(generation)}?{before.DocumentVersion.Condition}";
        var answer = await client.SendAsync(new ElasticsearchRequest(HttpMethod.Put, path, BodyOf(generation, points.Values, closed)), RetryPolicy.OfSteps, cancellation);
        if (answer.Status == ElasticsearchResponse.Conflict)
            return false;
        if (answer.Status == ElasticsearchResponse.Forbidden)
            throw new StorageUnavailableException($"The checkpoints cannot be written: {answer.Failure().Message}", answer.Failure());
        using var json = answer.Required().Json();
        known[generation] = new Checkpoints(points, closed, DocumentVersion.Of(json.RootElement));
        return true;
    }

    private static string IdOf(int generation) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"checkpoints-g{generation}");

    private static byte[] BodyOf(int generation, IEnumerable<Checkpoint> points, bool closed) =>
        JsonSerializer.SerializeToUtf8Bytes(new CheckpointDocument("checkpoints", generation, closed, [.. points]), CheckpointJson.Default.CheckpointDocument);

    private sealed record Checkpoints(ImmutableDictionary<LogPartition, Checkpoint> Points, bool IsClosed, DocumentVersion DocumentVersion)
    {
        public bool Allows(IReadOnlyList<CheckpointAdvance> advances) => !IsClosed
            && advances.All(advance => Points.TryGetValue(advance.Partition, out var point) && point.Epoch == advance.Epoch && point.NextOffset == advance.From);
    }
}

/// <summary>The checkpoints of a generation as a document.</summary>
internal sealed record CheckpointDocument(string Kind, int Generation, bool Closed, IReadOnlyList<Checkpoint> Points);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CheckpointDocument))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
