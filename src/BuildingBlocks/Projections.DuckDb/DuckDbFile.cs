using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>
/// The file of one generation, attached. One connection writes, one batch at a time; readers use connections of their own and see what is committed. Epochs and offsets are compared in memory, which
/// holds what the file holds: nobody else writes to it.
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
    private bool isGoing;

    private DuckDbFile(DuckDbInstance instance, string path, string catalog)
    {
        this.instance = instance;
        Path = path;
        Catalog = catalog;
        writer = instance.Connect();
    }

    public string Path { get; }

    /// <summary>The name by which queries find its tables.</summary>
    public string Catalog { get; }

    /// <summary>How many events are parked.</summary>
    public long Parked { get; private set; }

    public long NextSequence { get; private set; }

    /// <summary>The last commit, by a number that no other commit of this process has; set once its rows can be seen.</summary>
    public long LastCommit => Volatile.Read(ref lastCommit);

    public IReadOnlyDictionary<LogPartition, Checkpoint> Checkpoints => checkpoints;

    /// <summary>Opens a file, and makes it where it is not there. Columns that newer rows have are added, empty.</summary>
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

    /// <summary>How many columns of a table came after this binary's rows were declared.</summary>
    public Dictionary<string, int> Extra { get; } = [];

    /// <summary>Lets nobody else write until the disposal.</summary>
    public async Task<Turn> TurnAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        return new Turn(this);
    }

    /// <summary>The same where the turn comes within a time; else null.</summary>
    public async Task<Turn?> TurnAsync(TimeSpan within, CancellationToken cancellation) => await gate.WaitAsync(within, cancellation) ? new Turn(this) : null;

    /// <summary>Notes a reader, so that the file is not removed under it; false where it is going.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (isGoing)
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

    /// <summary>Lets no reader in any more.</summary>
    /// <returns>Whether the last one has left.</returns>
    public bool TryGo()
    {
        lock (gate)
        {
            isGoing = true;
            return readers == 0;
        }
    }

    /// <summary>Closes it; a batch under way ends first.</summary>
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
        var there = writer.Query(
            $"select table_name, column_name from duckdb_columns() where database_name = '{Catalog}' order by table_name, column_index", line => (Table: line.Text(), Column: line.Text()))
            .ToLookup(column => column.Table, column => column.Column);
        if (!there.Contains(DuckDbSchema.Checkpoints))
        {
            foreach (var statement in DuckDbSchema.Create(Catalog).Concat(tables.Create(Catalog)))
                writer.Execute(statement);
        }
        else
        {
            Add(tables.Name, tables.Columns.Names, tables.Columns.Definitions, [.. there[tables.Name]], keys: 1);
            foreach (var child in tables.Children)
                Add(child.Name, child.Names, child.Definitions, [.. there[child.Name]], keys: 2);
        }

        transaction.Commit();
    }

    private void Add(string table, IEnumerable<string> names, IEnumerable<string> definitions, string[] there, int keys)
    {
        string[] declared = [.. names];
        foreach (var (name, definition) in declared.Zip(definitions))
        {
            if (!there.Contains(name))
                writer.Execute($"alter table {Catalog}.main.\"{table}\" add column {definition}");
        }

        Extra[table] = there.Skip(keys).Count(column => !declared.Contains(column));
    }

    private void Reload()
    {
        checkpoints = writer.Query($"select * from {Catalog}.main.{DuckDbSchema.Checkpoints}", DuckDbSchema.Checkpoint).ToDictionary(point => point.Partition);
        (Parked, NextSequence) = writer.Query($"select count(*), coalesce(max(\"sequence\"), 0) + 1 from {Catalog}.main.{DuckDbSchema.DeadLetters}", line => (line.Large(), line.Large())).Single();
        inDoubt = false;
    }

    /// <summary>The right to write, until its disposal.</summary>
    internal sealed class Turn(DuckDbFile file) : IAsyncDisposable
    {
        private bool isOver;

        public DuckDbFile File => file;

        public DuckDBConnection Writer => file.writer;

        /// <summary>The checkpoints after some steps.</summary>
        /// <exception cref="CheckpointLostException">One of them is not where the writer thought.</exception>
        public Dictionary<LogPartition, Checkpoint> Advance(IReadOnlyList<CheckpointAdvance> advances)
        {
            if (file.inDoubt)
                file.Reload();
            var after = new Dictionary<LogPartition, Checkpoint>(file.checkpoints);
            foreach (var step in advances)
            {
                if (!after.TryGetValue(step.Partition, out var point) || point.Epoch != step.Epoch || point.NextOffset != step.From)
                    throw new CheckpointLostException();
                after[step.Partition] = new Checkpoint(step.Partition, step.Epoch, step.To, step.LastEventId, step.Position, step.Source);
            }

            return after;
        }

        /// <summary>Writes rows, checkpoints and parked events in one transaction.</summary>
        /// <param name="after">The checkpoints from then on.</param>
        /// <param name="write">Writes the rest; says how many events are parked more or, below 0, fewer.</param>
        /// <exception cref="RowsRefusedException">The store refuses the data of a row; nothing is written.</exception>
        public async Task CommitAsync(Dictionary<LogPartition, Checkpoint> after, Func<Task<long>> write)
        {
            var (before, parked, sequence) = (file.checkpoints, file.Parked, file.NextSequence);
            try
            {
                using var transaction = file.writer.BeginTransaction();
                var moreParked = await write();
                Write(before, after);
                // What fails from here on may have reached the file.
                file.inDoubt = true;
                transaction.Commit();
                Volatile.Write(ref file.lastCommit, Interlocked.Increment(ref commits));
                file.inDoubt = false;
                file.checkpoints = after;
                file.Parked = parked + moreParked;
            }
            catch (Exception exception)
            {
                if (file.inDoubt)
                    Volatile.Write(ref file.lastCommit, Interlocked.Increment(ref commits));
                file.NextSequence = sequence;
                if (IsOfTheData(exception))
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
            var gone = before.Keys.Where(partition => after.GetValueOrDefault(partition) != before[partition]).ToList();
            foreach (var log in gone.GroupBy(partition => partition.Log))
            {
                file.writer.Execute(
                    $"delete from {file.Catalog}.main.{DuckDbSchema.Checkpoints} where \"log\" = $1 and \"partition\" in (select unnest($2))",
                    new DuckDBParameter(log.Key), new DuckDBParameter(log.Select(partition => partition.Partition).ToList()));
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

        private static bool IsOfTheData(Exception exception) => exception is OverflowException
            or DuckDBException
            {
                ErrorType: DuckDBErrorType.OutOfRange or DuckDBErrorType.Conversion or DuckDBErrorType.Decimal or DuckDBErrorType.MismatchType or DuckDBErrorType.InvalidType
                    or DuckDBErrorType.Constraint or DuckDBErrorType.InvalidInput,
            };
    }
}
