using System.Diagnostics;
using System.Globalization;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>The folder of one private server, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    // What the supervisor grants a server to stop, and a little.
    private static readonly TimeSpan PreviousServerTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // EWOULDBLOCK: somebody holds the lock.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream held;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }
    public string PidFile => File("server.pid");
    public string LogFile => File("server.log");
    public string PortFile => File("port");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Takes the folder, and waits for a server in it whose starter was killed and which is still stopping.</summary>
    public static async Task<DataFolder> TakeAsync(string path, CancellationToken cancellation)
    {
        path = System.IO.Path.GetFullPath(path);
        var folder = Open(path);
        try
        {
            await folder.PreviousServerGoneAsync(cancellation);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a server in the folder whose supervisor was killed.</summary>
    public async Task PreviousServerGoneAsync(CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (PreviousServerRuns() && waited.Elapsed < PreviousServerTimeout)
            await Task.Delay(PollInterval, cancellation);
    }

    public void Dispose() => held.Dispose();

    private static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            // The runtime locks the file for as long as this process lives, however it ends; children do not inherit it.
            var held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(path, held);
        }
        catch (UnauthorizedAccessException)
        {
            throw new LocalServerException($"{path} cannot be written by this user: choose another data folder, or run as the user that owns it.");
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or MacWouldBlock)
        {
            throw new LocalServerException($"{path} is in use by another running instance: stop that one, or choose another data folder.");
        }
        catch (IOException e)
        {
            throw new LocalServerException($"{path} cannot be used as data folder: {e.Message}");
        }
    }

    // The supervisor removes the file when its server is gone; after a crash of the machine the number may belong to anyone,
    // which costs the timeout once.
    private bool PreviousServerRuns()
    {
        try
        {
            if (!System.IO.File.Exists(PidFile) || !int.TryParse(System.IO.File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out var id))
                return false;
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }
}
