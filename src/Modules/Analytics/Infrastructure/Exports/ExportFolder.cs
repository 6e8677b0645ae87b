using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.Modules.Analytics.Infrastructure.Exports;

/// <summary>
/// The folder of exports of this process, with a limit on concurrent exports. Exports of events have a separate limit: if the transport
/// does not answer, they do not delay other exports.
/// </summary>
internal sealed partial class ExportFolder(string path, ILogger<ExportFolder>? log = null) : IDisposable
{
    private const int MaxConcurrentExports = 2;

    private static readonly string[] Extensions = [".parquet", ".duckdb", ".wal"];

    private readonly ILogger log = log ?? NullLogger<ExportFolder>.Instance;
    private readonly SemaphoreSlim slots = new(MaxConcurrentExports);
    private readonly SemaphoreSlim eventSlots = new(MaxConcurrentExports);
    private readonly Lock gate = new();
    private readonly HashSet<string> undeleted = [];
    private StoreFolder? claimed;

    /// <summary>No slot was free within <see cref="SlotTimeout"/>.</summary>
    public static Error Busy { get; } = new(
        ErrorKind.Unavailable,
        "exports-busy",
        "Too many exports at once",
        "The host writes as many exports as it may. Send the request again in a moment.");

    /// <summary>How long an export waits for a slot.</summary>
    public TimeSpan SlotTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Deletes the files of a killed process.</summary>
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

    /// <summary>Waits for a slot and creates a file name.</summary>
    /// <param name="ofEvents">Whether the export reads from the transport.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The file, to be disposed; <see cref="Busy"/> after <see cref="SlotTimeout"/>.</returns>
    public async Task<Result<NewFile>> AcquireAsync(bool ofEvents, CancellationToken cancellation)
    {
        var ownSlots = ofEvents ? eventSlots : slots;
        if (!await ownSlots.WaitAsync(SlotTimeout, cancellation))
            return Busy;
        try
        {
            return new NewFile(this, Claimed().File($"{Guid.CreateVersion7():n}.parquet"), ownSlots);
        }
        catch
        {
            ownSlots.Release();
            throw;
        }
    }

    /// <summary>Deletes a file. If that fails, <see cref="RetryDeletes"/> tries again.</summary>
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
            lock (gate)
                undeleted.Add(file);
            return;
        }

        lock (gate)
            undeleted.Remove(file);
    }

    /// <summary>Retries failed deletes: the files contain personal data.</summary>
    public void RetryDeletes()
    {
        string[] files;
        lock (gate)
            files = [.. undeleted];
        foreach (var file in files)
            Delete(file);
    }

    public void Dispose()
    {
        claimed?.Dispose();
        slots.Dispose();
        eventSlots.Dispose();
    }

    private StoreFolder Claimed()
    {
        lock (gate)
        {
            if (claimed is not null && Directory.Exists(claimed.Path))
                return claimed;
            // The folder was deleted, and the lock file of the claim with it.
            claimed?.Dispose();
            claimed = null;
            claimed = StoreFolder.Claim(path);
            foreach (var leftover in Directory.GetFiles(claimed.Path).Where(file => Extensions.Contains(Path.GetExtension(file))))
                Delete(leftover);
            return claimed;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder {Path} of exports cannot be emptied; the next export tries again")]
    private partial void LogLeftovers(Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The export {File} cannot be deleted; trying again")]
    private partial void LogUndeleted(Exception exception, string file);

    /// <summary>A file that is being written, and its slot.</summary>
    internal sealed class NewFile(ExportFolder folder, string path, SemaphoreSlim slots) : IDisposable
    {
        private bool isKept;

        public string Path { get; } = path;

        /// <summary>Does not delete the file on disposal.</summary>
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
                slots.Release();
            }
        }
    }
}
