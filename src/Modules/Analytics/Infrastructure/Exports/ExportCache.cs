using System.Security.Cryptography;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Analytics.Application.Exports;

namespace Monolith.Modules.Analytics.Infrastructure.Exports;

/// <summary>
/// Finished exports. A client that reads a file in ranges (DuckDB, object-store clients) sends several requests, all of which must read the
/// same file. Bounded in number, size and time. A file that is evicted while it is sent is deleted when its last reader closes it.
/// </summary>
internal sealed class ExportCache : IDisposable
{
    /// <summary>The maximum number of files.</summary>
    public const int MaxFiles = 16;

    /// <summary>The maximum number of clients that are remembered per file.</summary>
    public const int MaxClients = 64;

    /// <summary>A file is evicted this long after its last read.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    /// <summary>A file is evicted at this age, since it contains personal data.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    private const int TagBytes = 16;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly ExportFolder folder;
    private readonly TimeProvider clock;
    private readonly long maxBytes;
    private readonly Lock gate = new();
    private readonly ITimer sweep;

    // The newest last.
    private readonly List<Entry> entries = [];
    private bool isDisposed;

    /// <param name="folder">The folder of the files.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="maxBytes">The maximum size of all files; the newest is kept whatever its size.</param>
    public ExportCache(ExportFolder folder, TimeProvider clock, long maxBytes = 1L << 30)
    {
        this.folder = folder;
        this.clock = clock;
        this.maxBytes = maxBytes;
        sweep = clock.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>Opens the newest file of an export with one of the tags; null if there is none.</summary>
    public ExportFile? Open(ExportKey key, ExportClient client, params IReadOnlyCollection<string> tags) =>
        Open(key, client, entry => tags.Contains(entry.Export.Tag));

    /// <summary>Opens the file of an export that the client was sent last; null if there is none.</summary>
    public ExportFile? OpenLastSent(ExportKey key, ExportClient client) => Open(key, client, entry => entry.WasSentTo(client));

    /// <summary>The file of an export in a state; null if there is none.</summary>
    public CachedExport? Find(ExportKey key, string state)
    {
        lock (gate)
            return entries.FindLast(entry => entry.Key == key && entry.Export.State == state)?.Export;
    }

    /// <summary>Writes a file and adds it.</summary>
    /// <param name="key">The export.</param>
    /// <param name="write">Writes the file to a path, and returns the state of the events or read models.</param>
    /// <param name="cancellation">Cancels the operation and deletes the file.</param>
    /// <returns>The export, or <see cref="ExportFolder.Busy"/>.</returns>
    public async Task<Result<CachedExport>> AddAsync(ExportKey key, Func<string, Task<string>> write, CancellationToken cancellation)
    {
        var ofEvents = key.DataSet == ExportDataSets.Events;
        if (!(await folder.AcquireAsync(ofEvents, cancellation)).TryGet(out var file, out var busy))
            return busy;
        using var writing = file;
        var state = await write(file.Path);
        var (tag, length) = await DescribeAsync(file.Path, cancellation);
        var entry = new Entry(key, new CachedExport(state, tag), file.Path, length, clock.GetUtcNow());
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            file.Keep();
            entries.Add(entry);
            while (entries.Count > MaxFiles || (entries.Count > 1 && entries.Sum(other => other.Length) > maxBytes))
                Evict(entries.Where(other => other != entry).MinBy(other => other.UsedAt)!);
        }

        return entry.Export;
    }

    /// <summary>Evicts expired files.</summary>
    public void Sweep()
    {
        var now = clock.GetUtcNow();
        folder.RetryDeletes();
        lock (gate)
        {
            foreach (var entry in entries.Where(entry => entry.IsExpired(now)).ToArray())
                Evict(entry);
        }
    }

    public void Dispose()
    {
        sweep.Dispose();
        lock (gate)
        {
            isDisposed = true;
            foreach (var entry in entries.ToArray())
                Evict(entry);
        }
    }

    // The tag is a hash of the content: a client that has the file does not download it again.
    private static async Task<(string Tag, long Length)> DescribeAsync(string path, CancellationToken cancellation)
    {
        await using var content = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var hash = await SHA256.HashDataAsync(content, cancellation);
        return ($"\"{Convert.ToHexStringLower(hash.AsSpan(0, TagBytes))}\"", content.Length);
    }

    private ExportFile? Open(ExportKey key, ExportClient client, Func<Entry, bool> matches)
    {
        lock (gate)
        {
            while (entries.FindLast(entry => entry.Key == key && matches(entry)) is { } found)
            {
                try
                {
                    var file = found.Open(clock);
                    // Only one file of an export remembers the client: the one that it was sent last.
                    foreach (var entry in entries.Where(entry => entry.Key == key))
                        entry.Forget(client);
                    found.Remember(client);
                    return file;
                }
                catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
                {
                    // An operator has emptied the folder.
                    entries.Remove(found);
                }
            }

            return null;
        }
    }

    private void Evict(Entry entry)
    {
        entries.Remove(entry);
        folder.Delete(entry.Path);
    }

    private sealed class Entry(ExportKey key, CachedExport export, string path, long length, DateTimeOffset writtenAt)
    {
        // The most recent client last.
        private readonly List<ExportClient> clients = [];
        private int readers;
        private long usedAt = writtenAt.UtcTicks;

        public ExportKey Key => key;

        public CachedExport Export => export;

        public string Path => path;

        public long Length => length;

        public DateTimeOffset UsedAt => new(Volatile.Read(ref usedAt), TimeSpan.Zero);

        public bool IsExpired(DateTimeOffset now) =>
            now - writtenAt >= MaxAge || (Volatile.Read(ref readers) == 0 && now - UsedAt >= IdleTime);

        public bool WasSentTo(ExportClient client) => clients.Contains(client);

        public void Remember(ExportClient client)
        {
            if (clients.Count == MaxClients)
                clients.RemoveAt(0);
            clients.Add(client);
        }

        public void Forget(ExportClient client) => clients.Remove(client);

        /// <summary>Opens the file. A later eviction only removes its name from the folder.</summary>
        public ExportFile Open(TimeProvider clock)
        {
            var content = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous);
            Interlocked.Increment(ref readers);
            Volatile.Write(ref usedAt, clock.GetUtcNow().UtcTicks);
            return new ExportFile(export.Tag, content, () =>
            {
                Volatile.Write(ref usedAt, clock.GetUtcNow().UtcTicks);
                Interlocked.Decrement(ref readers);
            });
        }
    }
}

/// <summary>A cached file.</summary>
/// <param name="State">The state of the events or read models that it was written from.</param>
/// <param name="Tag">Its entity tag, with quotes.</param>
internal sealed record CachedExport(string State, string Tag);
