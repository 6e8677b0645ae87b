using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// The folder of this process where exports are written and kept, with a limit on how many are written at a time. Exports of events have a
/// limit of their own: where the transport does not answer, they keep no other export waiting.
/// </summary>
internal sealed partial class ExportFolder(string path, ILogger<ExportFolder>? log = null) : IDisposable
{
    private const int MostAtOnce = 2;

    private static readonly string[] Endings = [".parquet", ".duckdb", ".wal"];

    private readonly ILogger log = log ?? NullLogger<ExportFolder>.Instance;
    private readonly SemaphoreSlim turns = new(MostAtOnce);
    private readonly SemaphoreSlim turnsOfEvents = new(MostAtOnce);
    private readonly Lock one = new();
    private readonly HashSet<string> undeleted = [];
    private StoreFolder? claimed;

    /// <summary>Why there is no turn.</summary>
    public static Error Busy { get; } = new(
        ErrorKind.Unavailable,
        "exports-busy",
        "Too many exports at once",
        "The host writes as many exports as it may. Send the request again in a moment.");

    /// <summary>How long an export waits for its turn.</summary>
    public TimeSpan WaitAtMost { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Deletes what a process that was killed left here.</summary>
    public void DeleteLeftovers()
    {
        try
        {
            if (Directory.Exists(path))
                Claimed();
        }
        catch (Exception exception) when (exception is StoreFolderClaimedException or IOException or UnauthorizedAccessException)
        {
            LogLeftovers(exception, path);
        }
    }

    /// <summary>Waits for a turn and gives a name for a file.</summary>
    /// <param name="ofEvents">Whether the file is read from the transport.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The file, to be disposed; <see cref="Busy"/> where there was no turn for too long.</returns>
    public async Task<Result<Export>> TakeAsync(bool ofEvents, CancellationToken cancellation)
    {
        var ownTurns = ofEvents ? turnsOfEvents : turns;
        if (!await ownTurns.WaitAsync(WaitAtMost, cancellation))
            return Busy;
        try
        {
            return new Export(this, Claimed().File($"{Guid.CreateVersion7():n}.parquet"), ownTurns);
        }
        catch
        {
            ownTurns.Release();
            throw;
        }
    }

    /// <summary>Deletes a file; where that fails, <see cref="DeleteAgain"/> tries again.</summary>
    public void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // The file is gone with its folder.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUndeleted(exception, file);
            lock (one)
                undeleted.Add(file);
            return;
        }

        lock (one)
            undeleted.Remove(file);
    }

    /// <summary>Tries again to delete the files that could not be deleted: they hold personal data.</summary>
    public void DeleteAgain()
    {
        string[] files;
        lock (one)
            files = [.. undeleted];
        foreach (var file in files)
            Delete(file);
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
            if (claimed is not null && Directory.Exists(claimed.Path))
                return claimed;
            // The folder was deleted, and the lock file of the claim with it.
            claimed?.Dispose();
            claimed = null;
            claimed = StoreFolder.Claim(path);
            foreach (var left in Directory.GetFiles(claimed.Path).Where(file => Endings.Contains(Path.GetExtension(file))))
                Delete(left);
            return claimed;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder {Path} of exports cannot be emptied; the next export tries again")]
    private partial void LogLeftovers(Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The export {File} cannot be deleted; trying again")]
    private partial void LogUndeleted(Exception exception, string file);

    /// <summary>One file that is being written.</summary>
    internal sealed class Export(ExportFolder folder, string path, SemaphoreSlim turns) : IDisposable
    {
        private bool isKept;

        public string Path { get; } = path;

        /// <summary>Leaves the file where it is, for the cache to remove.</summary>
        public void Keep() => isKept = true;

        public void Dispose()
        {
            try
            {
                if (!isKept)
                    folder.Delete(Path);
            }
            finally
            {
                turns.Release();
            }
        }
    }
}
