using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>The indexes of one projection: a claimed folder, an index a generation in it (<c>g3</c>).</summary>
internal sealed partial class LuceneRows : IGenerationRows, IDisposable
{
    private static readonly TimeSpan GetsOutOfTheWay = TimeSpan.FromMilliseconds(50);

    private readonly string projection;
    private readonly string path;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<int, LuceneGeneration> generations = [];
    private readonly LateCommits late;
    private volatile StoreFolder? folder;
    private volatile LuceneGeneration? live;

    public LuceneRows(string projection, string path, ILogger logger)
    {
        this.projection = projection;
        this.path = path;
        this.logger = logger;
        late = new LateCommits(() => generations.Values, Trouble);
    }

    public string Store => "lucene";

    public string? Instance => folder?.Instance;

    /// <summary>The folder, once it is claimed.</summary>
    public StoreFolder Folder => folder ?? throw new StorageUnavailableException($"The index of {projection} is not open.");

    /// <summary>The generation that queries read; null where there is none.</summary>
    public LuceneGeneration? Live => live;

    /// <summary>Told when a generation turns out to be broken, with the reason; whoever is told throws it away.</summary>
    public Func<int, string, Task> Broken { get; set; } = (_, _) => Task.CompletedTask;

    public Task OpenAsync(CancellationToken cancellation)
    {
        folder ??= StoreFolder.Claim(path);
        late.Start();
        return Task.CompletedTask;
    }

    public Task<int> ClearAsync(CancellationToken cancellation)
    {
        live = null;
        var highest = 0;
        foreach (var place in Directory.EnumerateDirectories(Folder.Path, "g*"))
        {
            if (!int.TryParse(Path.GetFileName(place).AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                continue;
            if (generations.TryRemove(number, out var open))
                open.Dispose();
            LuceneGeneration.Remove(place);
            highest = Math.Max(highest, number);
        }

        return Task.FromResult(highest);
    }

    public Task CreateAsync(int generation, CancellationToken cancellation)
    {
        if (generations.ContainsKey(generation))
            return Task.CompletedTask;
        try
        {
            generations[generation] = Open(generation, make: true);
        }
        catch (Exception exception) when (BrokenIndex.Is(exception))
        {
            // It is being built, and begins again.
            IsBroken(projection, generation, exception.Message, exception);
            LuceneGeneration.Remove(PathOf(generation));
            generations[generation] = Open(generation, make: true);
        }

        return Task.CompletedTask;
    }

    public Task<string?> FindFaultAsync(int generation, CancellationToken cancellation)
    {
        if (generations.ContainsKey(generation))
            return Task.FromResult<string?>(null);
        LuceneGeneration? opened = null;
        try
        {
            opened = Open(generation, make: false);
            opened.Check();
            generations[generation] = opened;
            return Task.FromResult<string?>(null);
        }
        catch (Exception exception) when (BrokenIndex.IsWhenOpened(exception))
        {
            opened?.Dispose();
            IsBroken(projection, generation, exception.Message, exception);
            return Task.FromResult<string?>(ReasonOf(generation, exception));
        }
    }

    public async Task FlushAsync(int generation, CancellationToken cancellation)
    {
        if (Find(generation) is not { } place)
            return;
        await place.Batches.WaitAsync(cancellation);
        try
        {
            if (place.ChangedAt != 0)
                place.Commit();
        }
        finally
        {
            place.Batches.Release();
        }
    }

    public Task DeleteCheckpointsAsync(int generation, CancellationToken cancellation)
    {
        Find(generation)?.End();
        return Task.CompletedTask;
    }

    public Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        if (Find(generation) is { } open)
        {
            if (!open.TryRemove())
                throw new IOException($"generation {generation} is still being read");
            generations.TryRemove(generation, out _);
            open.Dispose();
        }

        LuceneGeneration.Remove(PathOf(generation));
        return Task.CompletedTask;
    }

    public Task ServeAsync(int? generation, CancellationToken cancellation)
    {
        var next = generation is { } number ? Find(number) : null;
        next?.Refresh();
        live = next;
        return Task.CompletedTask;
    }

    public async Task<IAsyncDisposable?> BlockWritesAsync(int generation, CancellationToken cancellation)
    {
        if (Find(generation) is not { } place)
            return new Thaw(null);
        return await place.Batches.WaitAsync(GetsOutOfTheWay, cancellation) ? new Thaw(place) : null;
    }

    public Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PartitionCheckpoint>>(Find(generation) is { } place ? CheckpointsOf(place) : []);

    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        if (Find(generation) is not { } place)
            return [];
        await place.Batches.WaitAsync(cancellation);
        try
        {
            var known = place.Checkpoints;
            Checkpoint[] taken =
            [
                .. partitions.Select(partition => known.TryGetValue(partition, out var point) ? point with { Epoch = point.Epoch + 1 } : new Checkpoint(partition, 1, 0, null, 0, null)),
            ];
            place.Note(taken, place.Letters);
            place.Commit();
            return taken;
        }
        finally
        {
            place.Batches.Release();
        }
    }

    public Task<DeadLetterCount> CountDeadLettersAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult(Find(generation) is { } place ? new DeadLetterCount(place.Letters.Count, place.Letters.WithRequestCount) : default);

    public Task<IReadOnlySet<string>> DeadLetterKeysAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlySet<string>>(Find(generation) is { } place ? place.Letters.Keys.ToHashSet() : new HashSet<string>());

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int generation, long after, int limit, CancellationToken cancellation) =>
        Task.FromResult(Find(generation)?.Letters.List(projection, generation, after, limit) ?? []);

    public async Task<long> AddRequestAsync(int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation) =>
        await MarkAsync(generation, (letters, written) => letters.WithRequest(key, request, operation, written), cancellation);

    public Task<RequestProgress> RequestProgressAsync(int generation, Guid operation, CancellationToken cancellation) =>
        Task.FromResult(Find(generation)?.Letters.ProgressOf(operation) ?? default);

    public Task RemoveRequestAsync(int generation, Guid operation, CancellationToken cancellation) =>
        MarkAsync(generation, (letters, written) => letters.WithoutRequest(operation, written), cancellation);

    /// <summary>The index of a generation; null where it is not open.</summary>
    public LuceneGeneration? Find(int generation) => generations.GetValueOrDefault(generation);

    /// <summary>The checkpoints of a generation as they are now.</summary>
    public static PartitionCheckpoint[] CheckpointsOf(LuceneGeneration place) =>
        [.. place.Checkpoints.Values.OrderBy(point => point.Partition.Log, StringComparer.Ordinal).ThenBy(point => point.Partition.Partition).Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset))];

    /// <summary>Tells that a generation is broken: once, and beside whoever noticed.</summary>
    public void Tell(int generation, Exception exception)
    {
        IsBroken(projection, generation, exception.Message, exception);
        _ = Task.Run(async () =>
        {
            try
            {
                await Broken(generation, ReasonOf(generation, exception));
            }
            catch (Exception failure)
            {
                NotThrownAway(projection, generation, failure);
            }
        });
    }

    /// <summary>Takes a generation back to its last commit; where not even that can be opened, it is broken.</summary>
    public void GoBack(LuceneGeneration place)
    {
        try
        {
            place.GoBack();
        }
        catch (Exception exception)
        {
            Tell(place.Number, exception);
        }
    }

    public void Dispose()
    {
        late.Dispose();
        live = null;
        foreach (var generation in generations.Values)
            generation.Dispose();
        generations.Clear();
        folder?.Dispose();
    }

    private LuceneGeneration Open(int generation, bool make) => LuceneGeneration.Open(generation, PathOf(generation), make, exception => Trouble(generation, exception));

    private async Task<int> MarkAsync(int generation, Func<DeadLetterSet, ICollection<DeadLetterEntry>, DeadLetterSet> change, CancellationToken cancellation)
    {
        if (Find(generation) is not { HasEnded: false } place)
            return 0;
        await place.Batches.WaitAsync(cancellation);
        try
        {
            var written = new List<DeadLetterEntry>();
            var next = change(place.Letters, written);
            if (written.Count == 0)
                return 0;
            place.WriteLetters(written);
            place.Note([], next);
            place.Commit();
            return written.Count;
        }
        finally
        {
            place.Batches.Release();
        }
    }

    private void Trouble(int generation, Exception exception)
    {
        if (BrokenIndex.Is(exception))
            Tell(generation, exception);
        else
            InBackground(projection, generation, exception);
    }

    private string PathOf(int generation) => Folder.File(string.Create(CultureInfo.InvariantCulture, $"g{generation}"));

    // Without the folder: what a reason says is told to operators, and is kept.
    private string ReasonOf(int generation, Exception exception) => $"the index of generation {generation} is broken ({exception.GetType().Name}: {exception.Message.Replace(Folder.Path, "…", StringComparison.Ordinal)})";

    [LoggerMessage(Level = LogLevel.Error, Message = "The index of {Projection} generation {Generation} is broken, and is thrown away: {Reason}")]
    private partial void IsBroken(string projection, int generation, string reason, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broken index of {Projection} generation {Generation} could not be thrown away.")]
    private partial void NotThrownAway(string projection, int generation, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The index of {Projection} generation {Generation} could not be written in the background; it is tried again.")]
    private partial void InBackground(string projection, int generation, Exception exception);

    private sealed class Thaw(LuceneGeneration? place) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            place?.Batches.Release();
            return ValueTask.CompletedTask;
        }
    }
}
