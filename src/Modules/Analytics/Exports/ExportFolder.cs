using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>Where exports are written before they are sent: a folder of this process, emptied when it begins, with a bound on how many are under way.</summary>
internal sealed class ExportFolder(string path) : IDisposable
{
    private const int MostAtOnce = 2;

    private readonly SemaphoreSlim turns = new(MostAtOnce);
    private readonly Lock one = new();
    private StoreFolder? claimed;

    /// <summary>Waits for a turn and gives a name for a file.</summary>
    public async Task<Export> TakeAsync(CancellationToken cancellation)
    {
        var folder = Claimed();
        await turns.WaitAsync(cancellation);
        return new Export(folder.File($"{Guid.CreateVersion7():n}.parquet"), turns);
    }

    public void Dispose()
    {
        claimed?.Dispose();
        turns.Dispose();
    }

    private StoreFolder Claimed()
    {
        lock (one)
        {
            if (claimed is not null)
                return claimed;
            var folder = StoreFolder.Claim(path);
            // What a process left that was killed while it wrote.
            foreach (var left in Directory.GetFiles(folder.Path).Where(file => Path.GetExtension(file) is ".parquet" or ".duckdb" or ".wal"))
                File.Delete(left);
            return claimed = folder;
        }
    }

    /// <summary>One file that is being written.</summary>
    internal sealed class Export(string path, SemaphoreSlim turns) : IDisposable
    {
        private bool isKept;

        public string Path { get; } = path;

        /// <summary>Leaves the file where it is, for the cache to remove.</summary>
        public void Keep() => isKept = true;

        public void Dispose()
        {
            if (!isKept)
                File.Delete(Path);
            turns.Release();
        }
    }
}
