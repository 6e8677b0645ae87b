using System.Globalization;
using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>The files of a projection, one per generation, in a folder that this process has claimed.</summary>
internal sealed class DuckDbRows<TKey, TRow>(
    DuckDbInstance instance, string folder, ProjectionDefinition projection, DuckDbTables<TKey, TRow> tables, TimeProvider clock)
    : IGenerationRows, IDuckDbGenerations, IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const string Suffix = ".duckdb";

    private static readonly TimeSpan BlockTimeout = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Dictionary<int, DuckDbFile> files = [];
    private readonly HashSet<int> closed = [];
    private StoreFolder? claimed;
    private volatile int shown;

    public string Store => "duckdb";

    public string? Instance => claimed?.Instance;

    public TimeProvider Clock => clock;

    public StoreFolder Folder => claimed ?? throw new StorageUnavailableException($"The store of {projection.Name} is not open yet.");

    public Task OpenAsync(CancellationToken cancellation)
    {
        lock (gate)
            claimed ??= StoreFolder.Claim(folder);
        return Task.CompletedTask;
    }

    public Task<int> ClearAsync(CancellationToken cancellation)
    {
        var highest = 0;
        CloseAll();
        lock (gate)
        {
            foreach (var path in Directory.GetFiles(Folder.Path, $"g*{Suffix}"))
            {
                var name = Path.GetFileNameWithoutExtension(path);
                if (int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    highest = Math.Max(highest, number);
                DuckDbFile.Delete(path);
            }
        }

        return Task.FromResult(highest);
    }

    public Task CreateAsync(int generation, CancellationToken cancellation)
    {
        lock (gate)
        {
            // FindFaultAsync reports an existing file that cannot be opened.
            if (!files.ContainsKey(generation) && !File.Exists(PathOf(generation)))
                files.Add(generation, Open(generation));
        }

        return Task.CompletedTask;
    }

    public Task<string?> FindFaultAsync(int generation, CancellationToken cancellation)
    {
        if (!File.Exists(PathOf(generation)))
            return Task.FromResult<string?>($"the file {Path.GetFileName(PathOf(generation))} is missing");
        try
        {
            FileOf(generation);
            return Task.FromResult<string?>(null);
        }
        catch (DuckDBException exception)
        {
            var message = exception.Message.Replace(Folder.Path, "", StringComparison.Ordinal);
            return Task.FromResult<string?>($"the file {Path.GetFileName(PathOf(generation))} cannot be opened: {message}");
        }
    }

    // Commits are synchronous.
    public Task FlushAsync(int generation, CancellationToken cancellation) => Task.CompletedTask;

    public async Task DeleteCheckpointsAsync(int generation, CancellationToken cancellation)
    {
        lock (gate)
            closed.Add(generation);
        if (OpenFile(generation) is not { } file)
            return;
        await using var lease = await file.AcquireAsync(cancellation);
        lease.Advance([]);
        await lease.CommitAsync([], () => Task.FromResult(0L));
    }

    public Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        if (OpenFile(generation) is { } file)
        {
            if (!file.TryClose())
                throw new InvalidOperationException($"generation {generation} is still being read");
            lock (gate)
                files.Remove(generation);
            file.Dispose();
        }

        DuckDbFile.Delete(PathOf(generation));
        return Task.CompletedTask;
    }

    public Task ServeAsync(int? generation, CancellationToken cancellation)
    {
        if (generation is { } number)
            FileOf(number);
        shown = generation ?? 0;
        return Task.CompletedTask;
    }

    public async Task<IAsyncDisposable?> BlockWritesAsync(int generation, CancellationToken cancellation) =>
        await FileOf(generation).AcquireAsync(BlockTimeout, cancellation);

    public Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult(Read<IReadOnlyList<PartitionCheckpoint>>(
            generation,
            file =>
            [
                .. file.Checkpoints.Values.Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset))
                    .OrderBy(point => point.Partition.Log).ThenBy(point => point.Partition.Partition),
            ],
            []));

    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        await using var lease = await FileOf(generation).AcquireAsync(cancellation);
        var after = lease.Advance([]);
        foreach (var partition in partitions)
        {
            after[partition] = after.TryGetValue(partition, out var point)
                ? point with { Epoch = point.Epoch + 1 }
                : new Checkpoint(partition, 1, 0, null, 0, null);
        }

        await lease.CommitAsync(after, () => Task.FromResult(0L));
        return [.. partitions.Select(partition => after[partition])];
    }

    public Task<DeadLetterCount> CountDeadLettersAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult(Read(generation, file => file.DeadLetterCount > 0 ? DeadLettersOf(file).Count() : default, default));

    public Task<IReadOnlySet<string>> DeadLetterKeysAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult(Read<IReadOnlySet<string>>(
            generation, file => file.DeadLetterCount > 0 ? DeadLettersOf(file).Keys() : new HashSet<string>(), new HashSet<string>()));

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int generation, long after, int limit, CancellationToken cancellation) =>
        Task.FromResult(Read<IReadOnlyList<DeadLetter>>(
            generation, file => DeadLettersOf(file).List(projection.Name, generation, after, limit), []));

    public async Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation)
    {
        if (!Exists(generation))
            return 0;
        await using var lease = await FileOf(generation).AcquireAsync(cancellation);
        return DeadLetters(generation).Request(lease.Writer, key, request, operation);
    }

    public Task<RequestProgress> RequestProgressAsync(int generation, Guid operation, CancellationToken cancellation) =>
        Task.FromResult(Read(generation, file => DeadLettersOf(file).Progress(operation), default));

    public async Task RemoveRequestAsync(int generation, Guid operation, CancellationToken cancellation)
    {
        if (!Exists(generation))
            return;
        await using var lease = await FileOf(generation).AcquireAsync(cancellation);
        DeadLetters(generation).CancelRequests(lease.Writer, operation);
    }

    /// <summary>The file of a generation, opened if necessary.</summary>
    public DuckDbFile FileOf(int generation) => Find(generation) ?? throw new CheckpointLostException();

    public DuckDbDeadLetters DeadLetters(int generation) => DeadLettersOf(FileOf(generation));

    public DuckDbFile EnterLive()
    {
        // Another generation may be promoted, and this one removed, before TryEnter.
        while (shown is > 0 and var number)
        {
            if (OpenFile(number) is { } file && file.TryEnter())
                return file;
        }

        throw new ReadModelBuildingException(projection.Name);
    }

    public DuckDbFile? Enter(int generation) => claimed is not null && Find(generation) is { } file && file.TryEnter() ? file : null;

    public void Dispose()
    {
        shown = 0;
        CloseAll();
        claimed?.Dispose();
    }

    private bool Exists(int generation) => claimed is not null && Find(generation) is not null;

    /// <summary>The file of a generation, opened if necessary; null if it does not exist or has ended.</summary>
    private DuckDbFile? Find(int generation)
    {
        lock (gate)
        {
            if (files.TryGetValue(generation, out var file))
                return file;
            if (closed.Contains(generation) || !File.Exists(PathOf(generation)))
                return null;
            file = Open(generation);
            files.Add(generation, file);
            return file;
        }
    }

    /// <summary>Reads a generation, which is not removed meanwhile.</summary>
    private T Read<T>(int generation, Func<DuckDbFile, T> read, T otherwise)
    {
        if (Enter(generation) is not { } file)
            return otherwise;
        try
        {
            return read(file);
        }
        finally
        {
            file.Leave();
        }
    }

    private DuckDbDeadLetters DeadLettersOf(DuckDbFile file) => new(instance, file.Catalog);

    private DuckDbFile? OpenFile(int generation)
    {
        lock (gate)
            return files.GetValueOrDefault(generation);
    }

    // Waits for running batches outside of the lock, which they may need.
    private void CloseAll()
    {
        DuckDbFile[] open;
        lock (gate)
        {
            open = [.. files.Values];
            files.Clear();
        }

        foreach (var file in open)
            file.Dispose();
    }

    private DuckDbFile Open(int generation) =>
        DuckDbFile.Open(instance, PathOf(generation), $"{projection.Name.Replace('.', '_')}_g{generation}", tables);

    private string PathOf(int generation) => Folder.File($"g{generation}{Suffix}");
}
