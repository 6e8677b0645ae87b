using System.Diagnostics;
using System.Globalization;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>The folder of one local server, locked by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    // The supervisor's grace period, and some more.
    private static readonly TimeSpan PreviousServerTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // EWOULDBLOCK: another process holds the lock.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream lockFile;

    private DataFolder(string path, FileStream lockFile)
    {
        Path = path;
        this.lockFile = lockFile;
    }

    public string Path { get; }
    public string PidFile => File("server.pid");
    public string LogFile => File("server.log");
    public string PortFile => File("port");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Locks the folder, and waits for a server in it that is still stopping because its starter was killed.</summary>
    public static async Task<DataFolder> OpenAsync(string path, CancellationToken cancellation)
    {
        path = System.IO.Path.GetFullPath(path);
        var folder = Lock(path);
        try
        {
            await folder.WaitForPreviousServerAsync(cancellation);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a server in the folder whose supervisor was killed, up to a timeout.</summary>
    public async Task WaitForPreviousServerAsync(CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (PreviousServerRuns() && waited.Elapsed < PreviousServerTimeout)
            await Task.Delay(PollInterval, cancellation);
    }

    public void Dispose() => lockFile.Dispose();

    private static DataFolder Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            // The lock ends with this process, however that ends; children do not inherit it.
            var file = System.IO.Path.Combine(path, "lock");
            var lockFile = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(path, lockFile);
        }
        catch (UnauthorizedAccessException)
        {
            throw new LocalServerException(
                $"{path} cannot be written by this user: choose another data folder, or run as the user that owns it.");
        }
        catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock)
        {
            throw new LocalServerException(
                $"{path} is in use by another running instance: stop that one, or choose another data folder.");
        }
        catch (IOException exception)
        {
            throw new LocalServerException($"{path} cannot be used as data folder: {exception.Message}");
        }
    }

    // The supervisor removes the file when its server is gone. After a crash of the machine the id may belong to another process,
    // which costs the timeout once.
    private bool PreviousServerRuns()
    {
        try
        {
            if (!System.IO.File.Exists(PidFile))
                return false;
            if (!int.TryParse(System.IO.File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out var id))
                return false;
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }
}
