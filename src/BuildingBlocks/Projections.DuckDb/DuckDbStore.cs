using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Stores rows, checkpoints and dead letters in DuckDB, one file per generation, in the same transactions.</summary>
internal sealed class DuckDbStore<TKey, TRow> : IProjectionStore<TKey, TRow>, IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int ChunkSize = 5_000;

    private readonly DuckDbInstance instance;
    private readonly DuckDbTables<TKey, TRow> tables;
    private readonly DuckDbRows<TKey, TRow> rows;
    private readonly DocumentRegistry registry;

    public DuckDbStore(
        DuckDbInstance instance, ProjectionDefinition projection, DuckDbTables<TKey, TRow> tables, DuckDbRows<TKey, TRow> rows)
    {
        this.instance = instance;
        this.tables = tables;
        this.rows = rows;
        registry = new DocumentRegistry(projection, new FileRegistryDocument(() => rows.Folder), rows, rows.Clock);
    }

    public IGenerationRegistry Registry => registry;

    public TKey KeyOf(TRow row) => tables.KeyOf(row);

    public async Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation) =>
        new DuckDbBatch<TKey, TRow>(this, generation, await rows.FileOf(generation).AcquireAsync(cancellation));

    public async Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        await using (var lease = await rows.FileOf(generation).AcquireAsync(cancellation))
        {
            var after = lease.Advance(fill.Advances);
            await lease.CommitAsync(after, async () =>
            {
                using (var appenders = new DuckDbAppenders<TKey, TRow>(lease, tables))
                {
                    await foreach (var row in fill.Added.WithCancellation(cancellation))
                        appenders.Append(row);
                    appenders.Complete();
                }

                await foreach (var chunk in fill.Changes.Chunk(ChunkSize).WithCancellation(cancellation))
                    Change(lease, chunk, before: null);
                return DeadLetters(lease).Add(lease, Entries(fill.DeadLetters), rows.Clock.GetUtcNow());
            });
        }

        if (fill.IsLast)
            await registry.SwitchToBatchesAsync(generation, cancellation);
    }

    public Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation)
    {
        var (filter, parameters) = after is { } key
            ? ($"where \"{tables.KeyName}\" > $1", [DuckDbKey<TKey>.Default.One(key)])
            : ("", Array.Empty<DuckDBParameter>());
        return Task.FromResult<IReadOnlyList<TRow>>(InSnapshot<List<TRow>>(generation, (connection, catalog) =>
            [.. Read(connection, catalog, $"{filter} order by \"{tables.KeyName}\" limit {limit}", parameters).Values]));
    }

    public Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<TRow>>(
            InSnapshot<List<TRow>>(generation, (connection, catalog) => [.. Find(connection, catalog, keys).Values]));

    public Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(
        int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation) =>
        Task.FromResult(InSnapshot(generation, (connection, catalog) =>
        {
            var checkpoints = connection.Query($"select * from {catalog}.main.{DuckDbSchema.Checkpoints}", DuckDbSchema.Checkpoint);
            return new RowsWithCheckpoints<TRow>(
                [.. checkpoints.Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset))],
                [.. Find(connection, catalog, keys).Values]);
        }));

    public Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(
        int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PendingRequest<TKey>>>(rows.FileOf(generation).DeadLetterCount == 0 ? [] :
        [
            .. rows.DeadLetters(generation).PendingRequests(owned, maxKeys, maxEventsPerKey).Select(key =>
                new PendingRequest<TKey>(KeyText.Parse<TKey>(key.Key), key.Request, key.Operation, key.Records)),
        ]);

    public void Dispose() => registry.Dispose();

    /// <summary>Whether a promotion pauses the batches of a generation.</summary>
    internal Task<bool> AreWritesBlockedAsync(int generation, CancellationToken cancellation) =>
        registry.AreWritesBlockedAsync(generation, cancellation);

    /// <summary>The rows of keys, and the keys with dead letters.</summary>
    internal Dictionary<TKey, TRow> Load(DuckDbFile.WriteLease lease, IReadOnlyCollection<TKey> keys, HashSet<TKey> deadLetterKeys)
    {
        if (lease.File.DeadLetterCount > 0)
        {
            deadLetterKeys.UnionWith(lease.Writer.Query(
                $"select distinct key from {lease.File.Catalog}.main.{DuckDbSchema.DeadLetters} where key in (select unnest($1))",
                line => KeyText.Parse<TKey>(line.Text()),
                new DuckDBParameter(keys.Select(KeyText.Of).ToList())));
        }

        return Find(lease.Writer, lease.File.Catalog, keys);
    }

    /// <summary>Writes a batch.</summary>
    internal Task CommitAsync(DuckDbFile.WriteLease lease, BatchCommit<TKey, TRow> batch, Dictionary<TKey, TRow>? before)
    {
        var after = lease.Advance(batch.Advances);
        return lease.CommitAsync(after, () =>
        {
            Change(lease, batch.Changes, before);
            var deadLetters = DeadLetters(lease);
            if (batch.Resolved.Count > 0)
                deadLetters.PassOnRequests(lease.Writer, batch.Resolved);
            var added = batch.DeadLetters.Count == 0 ? 0 : deadLetters.Add(lease, Entries(batch.DeadLetters), rows.Clock.GetUtcNow());
            var removed = batch.Resolved.Count == 0 ? 0 : deadLetters.Remove(lease.Writer, batch.Resolved);
            return Task.FromResult(added - removed);
        });
    }

    /// <summary>Replaces rows. If the previous rows are known, unchanged lines of child tables are not rewritten.</summary>
    private void Change(DuckDbFile.WriteLease lease, IReadOnlyCollection<RowChange<TKey, TRow>> changes, Dictionary<TKey, TRow>? before)
    {
        if (changes.Count == 0)
            return;
        Remove(lease, tables.Name, changes.Select(change => change.Key), before);
        foreach (var child in tables.Children)
        {
            var keys = changes.Where(change => !IsUnchanged(child, change, before)).Select(change => change.Key);
            Remove(lease, child.Name, keys, before);
        }

        using var appenders = new DuckDbAppenders<TKey, TRow>(lease, tables);
        foreach (var change in changes)
        {
            if (change.Row is { } row)
                appenders.Append(row, child => !IsUnchanged(child, change, before));
        }

        appenders.Complete();
    }

    private static bool IsUnchanged(
        DuckDbChildTable<TKey, TRow> child, RowChange<TKey, TRow> change, Dictionary<TKey, TRow>? before) =>
        change.Row is { } after
        && before is not null
        && before.TryGetValue(change.Key, out var old)
        && child.IsUnchanged(old, after);

    private void Remove(DuckDbFile.WriteLease lease, string table, IEnumerable<TKey> keys, Dictionary<TKey, TRow>? before)
    {
        TKey[] stored = [.. before is null ? keys : keys.Where(before.ContainsKey)];
        if (stored.Length > 0)
        {
            lease.Writer.Execute(
                $"delete from {lease.File.Catalog}.main.\"{table}\" where \"{tables.KeyName}\" in (select unnest($1))",
                DuckDbKey<TKey>.Default.Several(stored));
        }
    }

    private static IEnumerable<(string, LogRecord, string?)> Entries(IEnumerable<DeadLetterEvent<TKey>> deadLetters) =>
        deadLetters.Select(entry => (KeyText.Of(entry.Key), entry.Record, entry.Reason));

    private DuckDbDeadLetters DeadLetters(DuckDbFile.WriteLease lease) => new(instance, lease.File.Catalog);

    private T InSnapshot<T>(int generation, Func<DuckDBConnection, string, T> read)
    {
        var file = rows.FileOf(generation);
        using var connection = instance.Connect();
        using var transaction = connection.BeginTransaction();
        return read(connection, file.Catalog);
    }

    private Dictionary<TKey, TRow> Find(DuckDBConnection connection, string catalog, IReadOnlyCollection<TKey> keys) =>
        Read(connection, catalog, $"where \"{tables.KeyName}\" in (select unnest($1))", DuckDbKey<TKey>.Default.Several(keys));

    private Dictionary<TKey, TRow> Read(DuckDBConnection connection, string catalog, string filter, params DuckDBParameter[] parameters)
    {
        var found = new Dictionary<TKey, TRow>();
        var names = Names(tables.Columns.Names.Prepend(tables.KeyName));
        connection.Read($"select {names} from {catalog}.main.\"{tables.Name}\" {filter}", lines =>
        {
            while (lines.Read())
            {
                var key = DuckDbKey<TKey>.Default.Read(lines);
                found.Add(key, tables.Read(key, lines));
            }
        }, parameters);
        if (found.Count == 0)
            return found;
        TKey[] keys = [.. found.Keys];
        foreach (var child in tables.Children)
        {
            connection.Read(
                $"""
                select {Names(child.Names.Prepend("position").Prepend(tables.KeyName))} from {catalog}.main."{child.Name}"
                where "{tables.KeyName}" in (select unnest($1)) order by "{tables.KeyName}", "position"
                """,
                lines => child.ReadInto(lines, found),
                DuckDbKey<TKey>.Default.Several(keys));
        }

        return found;
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
