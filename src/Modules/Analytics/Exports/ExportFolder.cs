using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// Where exports are written before they are sent: a folder of this process, emptied when it begins, with a bound on how many are under way. Those that read the events have a bound of their own: where the
/// transport does not answer, they keep no other export waiting.
/// </summary>
internal sealed class ExportFolder(string path) : IDisposable
{
    private const int MostAtOnce = 2;

    /// <summary>How long a request waits for its turn.</summary>
    public static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turns = new(MostAtOnce);
    private readonly SemaphoreSlim turnsOfEvents = new(MostAtOnce);
    private readonly Lock one = new();
    private StoreFolder? claimed;

    /// <summary>Why there is no turn.</summary>
    public static Error Busy { get; } = new(
        ErrorKind.Unavailable, "exports-busy", "Too many exports at once", "The host writes as many exports as it may. Send the request again in a moment.");

    /// <summary>Waits for a turn and gives a name for a file.</summary>
    /// <param name="ofEvents">Whether the file is read from the transport.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The file, to be disposed; <see cref="Busy"/> where there was no turn for too long.</returns>
    public async Task<Result<Export>> TakeAsync(bool ofEvents, CancellationToken cancellation)
    {
        var folder = Claimed();
        var ownTurns = ofEvents ? turnsOfEvents : turns;
        return await ownTurns.WaitAsync(WaitAtMost, cancellation) ? new Export(folder.File($"{Guid.CreateVersion7():n}.parquet"), ownTurns) : Busy;
    }

    public void Dispose()
    {
        claimed?.Dispose();
        turns.Dispose();
        turnsOfEvents.Dispose();
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
