using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// Finished exports, kept for a while: a client that reads a file in ranges (DuckDB, object-store clients) asks for its length first and
/// then for parts of it, all of which must come from one and the same file. Bounded in number, size and time; a file that is dropped while
/// it is sent is gone with its last reader.
/// </summary>
internal sealed class ExportCache : IDisposable
{
    /// <summary>How many files are kept.</summary>
    public const int MostFiles = 16;

    /// <summary>How many clients of a file are remembered.</summary>
    public const int MostClients = 64;

    /// <summary>After the last read of it a file is kept so long.</summary>
    public static readonly TimeSpan KeptUnused = TimeSpan.FromMinutes(1);

    /// <summary>A file is kept so long at most: it holds personal data.</summary>
    public static readonly TimeSpan KeptAtMost = TimeSpan.FromMinutes(15);

    private const int TagBytes = 16;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10);

    private readonly ExportFolder folder;
    private readonly TimeProvider clock;
    private readonly long mostBytes;
    private readonly Lock one = new();
    private readonly ITimer sweep;

    // The newest last.
    private readonly List<Entry> entries = [];
    private bool isDisposed;

    /// <param name="folder">Where files are written.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="mostBytes">How large all kept files are together; the newest is kept whatever its size.</param>
    public ExportCache(ExportFolder folder, TimeProvider clock, long mostBytes = 1L << 30)
    {
        this.folder = folder;
        this.clock = clock;
        this.mostBytes = mostBytes;
        sweep = clock.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    /// <summary>Gives a client the newest file of an export that has one of the tags; null where none is kept.</summary>
    public ExportFile? Open(ExportName name, ExportClient client, params IReadOnlyCollection<EntityTagHeaderValue> tags) =>
        Open(name, client, entry => tags.Any(tag => tag.Compare(entry.Kept.Tag, useStrongComparison: true)));

    /// <summary>Gives a client the file of an export that it was given last; null where none is kept.</summary>
    public ExportFile? OpenAgain(ExportName name, ExportClient client) => Open(name, client, entry => entry.WasGivenTo(client));

    /// <summary>The kept file of an export in a state; null where none is kept.</summary>
    public ExportFile.Kept? Find(ExportName name, string state)
    {
        lock (one)
            return entries.FindLast(entry => entry.Name == name && entry.Kept.State == state)?.Kept;
    }

    /// <summary>Writes a file and keeps it.</summary>
    /// <param name="name">What it is an export of.</param>
    /// <param name="write">Writes it to a path, and says in which state the events or read models were.</param>
    /// <param name="cancellation">Ends it; nothing is left of the file.</param>
    /// <returns>What is known of the file, or <see cref="ExportFolder.Busy"/>.</returns>
    public async Task<Result<ExportFile.Kept>> AddAsync(ExportName name, Func<string, Task<string>> write, CancellationToken cancellation)
    {
        if (!(await folder.TakeAsync(ofEvents: name.Kind == ParquetExports.Events, cancellation)).TryGet(out var export, out var busy))
            return busy;
        using var writing = export;
        var state = await write(export.Path);
        var (tag, length) = await DescribeAsync(export.Path, cancellation);
        var entry = new Entry(name, new ExportFile.Kept(state, tag), export.Path, length, clock.GetUtcNow());
        lock (one)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            export.Keep();
            entries.Add(entry);
            while (entries.Count > MostFiles || (entries.Count > 1 && entries.Sum(kept => kept.Length) > mostBytes))
                Drop(entries.Where(kept => kept != entry).MinBy(kept => kept.UsedAt)!);
        }

        return entry.Kept;
    }

    /// <summary>Drops the files whose time is over.</summary>
    public void Sweep()
    {
        var now = clock.GetUtcNow();
        folder.DeleteAgain();
        lock (one)
        {
            foreach (var entry in entries.Where(entry => entry.IsOver(now)).ToArray())
                Drop(entry);
        }
    }

    public void Dispose()
    {
        sweep.Dispose();
        lock (one)
        {
            isDisposed = true;
            foreach (var entry in entries.ToArray())
                Drop(entry);
        }
    }

    // The same bytes have the same tag, so that a client that has a file need not take it again.
    private static async Task<(EntityTagHeaderValue Tag, long Length)> DescribeAsync(string path, CancellationToken cancellation)
    {
        await using var content = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var hash = await SHA256.HashDataAsync(content, cancellation);
        return (new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.AsSpan(0, TagBytes))}\""), content.Length);
    }

    private ExportFile? Open(ExportName name, ExportClient client, Func<Entry, bool> isWanted)
    {
        lock (one)
        {
            while (entries.FindLast(entry => entry.Name == name && isWanted(entry)) is { } found)
            {
                try
                {
                    var file = found.Open(clock);
                    // A client is remembered by one file of an export, so that this is the one that it was given last.
                    foreach (var entry in entries.Where(entry => entry.Name == name))
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

    private void Drop(Entry entry)
    {
        entries.Remove(entry);
        folder.Delete(entry.Path);
    }

    private sealed class Entry(ExportName name, ExportFile.Kept kept, string path, long length, DateTimeOffset madeAt)
    {
        // The one that was given the file last is at the end.
        private readonly List<ExportClient> clients = [];
        private int readers;
        private long usedAt = madeAt.UtcTicks;

        public ExportName Name => name;

        public ExportFile.Kept Kept => kept;

        public string Path => path;

        public long Length => length;

        public DateTimeOffset UsedAt => new(Volatile.Read(ref usedAt), TimeSpan.Zero);

        public bool IsOver(DateTimeOffset now) =>
            now - madeAt >= KeptAtMost || (Volatile.Read(ref readers) == 0 && now - UsedAt >= KeptUnused);

        public bool WasGivenTo(ExportClient client) => clients.Contains(client);

        public void Remember(ExportClient client)
        {
            if (clients.Count == MostClients)
                clients.RemoveAt(0);
            clients.Add(client);
        }

        public void Forget(ExportClient client) => clients.Remove(client);

        /// <summary>Opens the file. Dropping it afterwards takes away its name only.</summary>
        public ExportFile Open(TimeProvider clock)
        {
            var content = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous);
            Interlocked.Increment(ref readers);
            Volatile.Write(ref usedAt, clock.GetUtcNow().UtcTicks);
            return new ExportFile(kept, content, () =>
            {
                Volatile.Write(ref usedAt, clock.GetUtcNow().UtcTicks);
                Interlocked.Decrement(ref readers);
            });
        }
    }
}

/// <summary>What a file is an export of.</summary>
/// <param name="Kind">Events, or one of the facts.</param>
/// <param name="Until">As of which time; null for all.</param>
internal sealed record ExportName(string Kind, DateTimeOffset? Until);

/// <summary>A finished export, opened to be sent.</summary>
internal sealed class ExportFile(ExportFile.Kept kept, FileStream content, Action left) : IDisposable
{
    public EntityTagHeaderValue Tag => kept.Tag;

    public Stream Content => content;

    public void Dispose()
    {
        content.Dispose();
        left();
    }

    /// <summary>What is known of a file.</summary>
    /// <param name="State">Where the events or read models were that it was made from.</param>
    /// <param name="Tag">Its entity tag.</param>
    internal sealed record Kept(string State, EntityTagHeaderValue Tag);
}
