using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>The indexes of a projection, one per generation (<c>g3</c>), in a folder that this process has claimed.</summary>
internal sealed partial class LuceneRows : IGenerationRows, IDisposable
{
    private static readonly TimeSpan BlockTimeout = TimeSpan.FromMilliseconds(50);

    private readonly string projection;
    private readonly string path;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<int, LuceneGeneration> generations = [];
    private readonly DelayedCommits commits;
    private volatile StoreFolder? folder;
    private volatile LuceneGeneration? live;

    public LuceneRows(string projection, string path, ILogger logger)
    {
        this.projection = projection;
        this.path = path;
        this.logger = logger;
        commits = new DelayedCommits(() => generations.Values, ReportFailure);
    }

    public string Store => "lucene";

    public string? Instance => folder?.Instance;

    /// <summary>The claimed folder.</summary>
    public StoreFolder Folder => folder ?? throw new StorageUnavailableException($"The index of {projection} is not open.");

    /// <summary>The live generation; null if there is none.</summary>
    public LuceneGeneration? Live => live;

    /// <summary>Called with the number of a corrupt generation and the reason; discards the generation.</summary>
    public Func<int, string, Task> Broken { get; set; } = (_, _) => Task.CompletedTask;

    public Task OpenAsync(CancellationToken cancellation)
    {
        folder ??= StoreFolder.Claim(path);
        commits.Start();
        return Task.CompletedTask;
    }

    public Task<int> ClearAsync(CancellationToken cancellation)
    {
        live = null;
        var highest = 0;
        foreach (var directory in Directory.EnumerateDirectories(Folder.Path, "g*"))
        {
            if (!int.TryParse(Path.GetFileName(directory).AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                continue;
            if (generations.TryRemove(number, out var open))
                open.Dispose();
            LuceneGeneration.Remove(directory);
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
            generations[generation] = Open(generation, create: true);
        }
        catch (Exception exception) when (BrokenIndex.Is(exception))
        {
            // A rebuild was interrupted; it starts again.
            LogBroken(projection, generation, exception.Message, exception);
            LuceneGeneration.Remove(PathOf(generation));
            generations[generation] = Open(generation, create: true);
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
            opened = Open(generation, create: false);
            opened.Check();
            generations[generation] = opened;
            return Task.FromResult<string?>(null);
        }
        catch (Exception exception) when (BrokenIndex.IsWhenOpened(exception))
        {
            opened?.Dispose();
            LogBroken(projection, generation, exception.Message, exception);
            return Task.FromResult<string?>(ReasonOf(generation, exception));
        }
    }

    public async Task FlushAsync(int generation, CancellationToken cancellation)
    {
        if (Find(generation) is not { } index)
            return;
        await index.Batches.WaitAsync(cancellation);
        try
        {
            if (index.ChangedAt != 0)
                index.Commit();
        }
        finally
        {
            index.Batches.Release();
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
        if (Find(generation) is not { } index)
            return new WriterPause(null);
        return await index.Batches.WaitAsync(BlockTimeout, cancellation) ? new WriterPause(index) : null;
    }

    public Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PartitionCheckpoint>>(Find(generation) is { } index ? CheckpointsOf(index) : []);

    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        if (Find(generation) is not { } index)
            return [];
        await index.Batches.WaitAsync(cancellation);
        try
        {
            var known = index.Checkpoints;
            Checkpoint[] taken =
            [
                .. partitions.Select(partition => known.TryGetValue(partition, out var point)
                    ? point with { Epoch = point.Epoch + 1 }
                    : new Checkpoint(partition, 1, 0, null, 0, null)),
            ];
            index.SetState(taken, index.DeadLetters);
            index.Commit();
            return taken;
        }
        finally
        {
            index.Batches.Release();
        }
    }

    public Task<DeadLetterCount> CountDeadLettersAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult(Find(generation) is { } index
            ? new DeadLetterCount(index.DeadLetters.Count, index.DeadLetters.WithRequestCount)
            : default);

    public Task<IReadOnlySet<string>> DeadLetterKeysAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlySet<string>>(Find(generation) is { } index ? index.DeadLetters.Keys.ToHashSet() : new HashSet<string>());

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int generation, long after, int limit, CancellationToken cancellation) =>
        Task.FromResult(Find(generation)?.DeadLetters.List(projection, generation, after, limit) ?? []);

    public async Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation) =>
        await MarkAsync(generation, (deadLetters, written) => deadLetters.WithRequest(key, request, operation, written), cancellation);

    public Task<RequestProgress> RequestProgressAsync(int generation, Guid operation, CancellationToken cancellation) =>
        Task.FromResult(Find(generation)?.DeadLetters.ProgressOf(operation) ?? default);

    public Task RemoveRequestAsync(int generation, Guid operation, CancellationToken cancellation) =>
        MarkAsync(generation, (deadLetters, written) => deadLetters.WithoutRequest(operation, written), cancellation);

    /// <summary>The open index of a generation; null if there is none.</summary>
    public LuceneGeneration? Find(int generation) => generations.GetValueOrDefault(generation);

    public static PartitionCheckpoint[] CheckpointsOf(LuceneGeneration index) =>
    [
        .. index.Checkpoints.Values
            .OrderBy(point => point.Partition.Log, StringComparer.Ordinal).ThenBy(point => point.Partition.Partition)
            .Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset)),
    ];

    /// <summary>Reports a corrupt generation, asynchronously.</summary>
    public void ReportBroken(int generation, Exception exception)
    {
        LogBroken(projection, generation, exception.Message, exception);
        _ = Task.Run(async () =>
        {
            try
            {
                await Broken(generation, ReasonOf(generation, exception));
            }
            catch (Exception failure)
            {
                LogNotDiscarded(projection, generation, failure);
            }
        });
    }

    /// <summary>Reverts a generation to its last commit, or reports it as corrupt.</summary>
    public void RollBack(LuceneGeneration index)
    {
        try
        {
            index.RollBack();
        }
        catch (Exception exception)
        {
            ReportBroken(index.Number, exception);
        }
    }

    public void Dispose()
    {
        commits.Dispose();
        live = null;
        foreach (var generation in generations.Values)
            generation.Dispose();
        generations.Clear();
        folder?.Dispose();
    }

    private LuceneGeneration Open(int generation, bool create) =>
        LuceneGeneration.Open(generation, PathOf(generation), create, exception => ReportFailure(generation, exception));

    private async Task<int> MarkAsync(
        int generation, Func<DeadLetterSet, ICollection<DeadLetterEntry>, DeadLetterSet> change, CancellationToken cancellation)
    {
        if (Find(generation) is not { HasEnded: false } index)
            return 0;
        await index.Batches.WaitAsync(cancellation);
        try
        {
            var written = new List<DeadLetterEntry>();
            var next = change(index.DeadLetters, written);
            if (written.Count == 0)
                return 0;
            index.WriteDeadLetters(written);
            index.SetState([], next);
            index.Commit();
            return written.Count;
        }
        finally
        {
            index.Batches.Release();
        }
    }

    private void ReportFailure(int generation, Exception exception)
    {
        if (BrokenIndex.Is(exception))
            ReportBroken(generation, exception);
        else
            LogBackgroundFailure(projection, generation, exception);
    }

    private string PathOf(int generation) => Folder.File(string.Create(CultureInfo.InvariantCulture, $"g{generation}"));

    // Operators see the reason, so it does not contain the path.
    private string ReasonOf(int generation, Exception exception)
    {
        var message = exception.Message.Replace(Folder.Path, "…", StringComparison.Ordinal);
        return $"the index of generation {generation} is broken ({exception.GetType().Name}: {message})";
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The index of {Projection} generation {Generation} is broken and is discarded: {Reason}")]
    private partial void LogBroken(string projection, int generation, string reason, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broken index of {Projection} generation {Generation} could not be discarded.")]
    private partial void LogNotDiscarded(string projection, int generation, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The index of {Projection} generation {Generation} could not be written in the background; trying again.")]
    private partial void LogBackgroundFailure(string projection, int generation, Exception exception);

    private sealed class WriterPause(LuceneGeneration? index) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            index?.Batches.Release();
            return ValueTask.CompletedTask;
        }
    }
}
