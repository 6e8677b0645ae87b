using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>
/// The attached file of a generation. One connection writes, one batch at a time; readers have separate connections and see committed rows.
/// Checkpoints are compared in memory: no other process writes to the file.
/// </summary>
internal sealed class DuckDbFile : IDisposable
{
    private static long commits;

    private readonly DuckDbInstance instance;
    private readonly DuckDBConnection writer;
    private readonly SemaphoreSlim gate = new(1);
    private volatile Dictionary<LogPartition, Checkpoint> checkpoints = [];
    private long lastCommit = Interlocked.Increment(ref commits);
    private bool inDoubt;
    private int readers;
    private bool isClosing;

    private DuckDbFile(DuckDbInstance instance, string path, string catalog)
    {
        this.instance = instance;
        Path = path;
        Catalog = catalog;
        writer = instance.Connect();
    }

    public string Path { get; }

    /// <summary>The name of the attached database in statements.</summary>
    public string Catalog { get; }

    /// <summary>The number of dead letters.</summary>
    public long DeadLetterCount { get; private set; }

    public long NextSequence { get; private set; }

    /// <summary>A number of the last commit, unique in this process; set once its rows are visible.</summary>
    public long LastCommit => Volatile.Read(ref lastCommit);

    public IReadOnlyDictionary<LogPartition, Checkpoint> Checkpoints => checkpoints;

    /// <summary>Opens or creates a file. Missing columns are added with null values.</summary>
    public static DuckDbFile Open<TKey, TRow>(DuckDbInstance instance, string path, string catalog, DuckDbTables<TKey, TRow> tables)
        where TKey : struct, IEquatable<TKey>
        where TRow : class
    {
        instance.Attach(path, catalog);
        DuckDbFile? file = null;
        try
        {
            file = new DuckDbFile(instance, path, catalog);
            file.Prepare(tables);
            file.Reload();
            return file;
        }
        catch
        {
            file?.writer.Dispose();
            instance.Detach(catalog);
            throw;
        }
    }

    /// <summary>By table, the number of columns that a newer version of the program has added.</summary>
    public Dictionary<string, int> ExtraColumns { get; } = [];

    /// <summary>Waits for the writer.</summary>
    public async Task<WriteLease> AcquireAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        return new WriteLease(this);
    }

    /// <summary>Waits for the writer up to a timeout; then null.</summary>
    public async Task<WriteLease?> AcquireAsync(TimeSpan within, CancellationToken cancellation) =>
        await gate.WaitAsync(within, cancellation) ? new WriteLease(this) : null;

    /// <summary>Registers a reader, which keeps the file from being removed; false if it is closing.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (isClosing)
                return false;
            readers++;
            return true;
        }
    }

    public void Leave()
    {
        lock (gate)
            readers--;
    }

    /// <summary>Accepts no more readers.</summary>
    /// <returns>Whether there are none.</returns>
    public bool TryClose()
    {
        lock (gate)
        {
            isClosing = true;
            return readers == 0;
        }
    }

    /// <summary>Closes the file after the current batch.</summary>
    public void Dispose()
    {
        gate.Wait();
        writer.Dispose();
        instance.Detach(Catalog);
        gate.Dispose();
    }

    public static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(path + ".wal");
    }

    private void Prepare<TKey, TRow>(DuckDbTables<TKey, TRow> tables)
        where TKey : struct, IEquatable<TKey>
        where TRow : class
    {
        using var transaction = writer.BeginTransaction();
        var existing = writer.Query(
                $"select table_name, column_name from duckdb_columns() where database_name = '{Catalog}' order by table_name, column_index",
                line => (Table: line.Text(), Column: line.Text()))
            .ToLookup(column => column.Table, column => column.Column);
        if (!existing.Contains(DuckDbSchema.Checkpoints))
        {
            foreach (var statement in DuckDbSchema.Create(Catalog).Concat(tables.Create(Catalog)))
                writer.Execute(statement);
        }
        else
        {
            AddMissing(tables.Name, tables.Columns.Names, tables.Columns.Definitions, [.. existing[tables.Name]], keys: 1);
            foreach (var child in tables.Children)
                AddMissing(child.Name, child.Names, child.Definitions, [.. existing[child.Name]], keys: 2);
        }

        transaction.Commit();
    }

    private void AddMissing(string table, IEnumerable<string> names, IEnumerable<string> definitions, string[] existing, int keys)
    {
        string[] declared = [.. names];
        foreach (var (name, definition) in declared.Zip(definitions))
        {
            if (!existing.Contains(name))
                writer.Execute($"alter table {Catalog}.main.\"{table}\" add column {definition}");
        }

        ExtraColumns[table] = existing.Skip(keys).Count(column => !declared.Contains(column));
    }

    private void Reload()
    {
        checkpoints = writer.Query($"select * from {Catalog}.main.{DuckDbSchema.Checkpoints}", DuckDbSchema.Checkpoint)
            .ToDictionary(point => point.Partition);
        (DeadLetterCount, NextSequence) = writer.Query(
            $"select count(*), coalesce(max(\"sequence\"), 0) + 1 from {Catalog}.main.{DuckDbSchema.DeadLetters}",
            line => (line.Large(), line.Large())).Single();
        inDoubt = false;
    }

    /// <summary>Exclusive access to the writer until its disposal.</summary>
    internal sealed class WriteLease(DuckDbFile file) : IAsyncDisposable
    {
        private bool isOver;

        public DuckDbFile File => file;

        public DuckDBConnection Writer => file.writer;

        /// <summary>The advanced checkpoints.</summary>
        /// <exception cref="CheckpointLostException">Epoch or offset of a checkpoint differ from what the writer expects.</exception>
        public Dictionary<LogPartition, Checkpoint> Advance(IReadOnlyList<CheckpointAdvance> advances)
        {
            if (file.inDoubt)
                file.Reload();
            var after = new Dictionary<LogPartition, Checkpoint>(file.checkpoints);
            foreach (var advance in advances)
            {
                if (!after.TryGetValue(advance.Partition, out var point)
                    || (point.Epoch, point.NextOffset) != (advance.Epoch, advance.From))
                    throw new CheckpointLostException();
                after[advance.Partition] = new Checkpoint(
                    advance.Partition, advance.Epoch, advance.To, advance.LastEventId, advance.Position, advance.Source);
            }

            return after;
        }

        /// <summary>Writes rows, checkpoints and dead letters in one transaction.</summary>
        /// <param name="after">The new checkpoints.</param>
        /// <param name="write">Writes rows and dead letters; returns the change in the number of dead letters.</param>
        /// <exception cref="RowsRefusedException">The store rejects the data of a row; nothing is written.</exception>
        public async Task CommitAsync(Dictionary<LogPartition, Checkpoint> after, Func<Task<long>> write)
        {
            var (before, deadLetters, sequence) = (file.checkpoints, file.DeadLetterCount, file.NextSequence);
            try
            {
                using var transaction = file.writer.BeginTransaction();
                var added = await write();
                Write(before, after);
                // After a failed commit, the file may have either state: it is reloaded.
                file.inDoubt = true;
                transaction.Commit();
                Volatile.Write(ref file.lastCommit, Interlocked.Increment(ref commits));
                file.inDoubt = false;
                file.checkpoints = after;
                file.DeadLetterCount = deadLetters + added;
            }
            catch (Exception exception)
            {
                if (file.inDoubt)
                    Volatile.Write(ref file.lastCommit, Interlocked.Increment(ref commits));
                file.NextSequence = sequence;
                if (IsDataError(exception))
                    throw new RowsRefusedException(exception.Message, exception);
                throw;
            }
        }

        public long TakeSequence() => file.NextSequence++;

        public ValueTask DisposeAsync()
        {
            if (!isOver)
                file.gate.Release();
            isOver = true;
            return ValueTask.CompletedTask;
        }

        private void Write(Dictionary<LogPartition, Checkpoint> before, Dictionary<LogPartition, Checkpoint> after)
        {
            var changed = after.Values.Where(point => before.GetValueOrDefault(point.Partition) != point).ToList();
            var outdated = before.Keys.Where(partition => after.GetValueOrDefault(partition) != before[partition]).ToList();
            foreach (var log in outdated.GroupBy(partition => partition.Log))
            {
                file.writer.Execute(
                    $"""
                    delete from {file.Catalog}.main.{DuckDbSchema.Checkpoints}
                    where "log" = $1 and "partition" in (select unnest($2))
                    """,
                    new DuckDBParameter(log.Key),
                    new DuckDBParameter(log.Select(partition => partition.Partition).ToList()));
            }

            if (changed.Count == 0)
                return;
            using var appender = file.writer.CreateAppender(file.Catalog, "main", DuckDbSchema.Checkpoints);
            foreach (var point in changed)
            {
                var line = appender.CreateRow();
                DuckDbSchema.CheckpointColumns.Append(line, point);
                line.EndRow();
            }
        }

        private static bool IsDataError(Exception exception) => exception is OverflowException
            or DuckDBException
            {
                ErrorType: DuckDBErrorType.OutOfRange or DuckDBErrorType.Conversion or DuckDBErrorType.Decimal
                    or DuckDBErrorType.MismatchType or DuckDBErrorType.InvalidType or DuckDBErrorType.Constraint
                    or DuckDBErrorType.InvalidInput,
            };
    }
}
