using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>A projection's rows in DuckDB, a file a generation, with the checkpoints and parked events that belong to them in the same transactions.</summary>
internal sealed class DuckDbStore<TKey, TRow> : IProjectionStore<TKey, TRow>, IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int ChangedAtOnce = 5_000;

    private readonly DuckDbInstance instance;
    private readonly DuckDbTables<TKey, TRow> tables;
    private readonly DuckDbRows<TKey, TRow> rows;
    private readonly DocumentRegistry registry;

    public DuckDbStore(DuckDbInstance instance, ProjectionDefinition projection, DuckDbTables<TKey, TRow> tables, DuckDbRows<TKey, TRow> rows)
    {
        this.instance = instance;
        this.tables = tables;
        this.rows = rows;
        registry = new DocumentRegistry(projection, new FileRegistryDocument(() => rows.Folder), rows, rows.Clock);
    }

    public IGenerationRegistry Registry => registry;

    public TKey KeyOf(TRow row) => tables.KeyOf(row);

    public async Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation) =>
        new DuckDbBatch<TKey, TRow>(this, generation, await rows.FileOf(generation).TurnAsync(cancellation));

    public async Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        await using (var turn = await rows.FileOf(generation).TurnAsync(cancellation))
        {
            var after = turn.Advance(fill.Advances);
            await turn.CommitAsync(after, async () =>
            {
                using (var appenders = new DuckDbAppenders<TKey, TRow>(turn, tables))
                {
                    await foreach (var row in fill.Added.WithCancellation(cancellation))
                        appenders.Append(row);
                    appenders.Complete();
                }

                await foreach (var some in fill.Changes.Chunk(ChangedAtOnce).WithCancellation(cancellation))
                    Change(turn, some, before: null);
                return Letters(turn).Park(turn, Parked(fill.DeadLetters), rows.Clock.GetUtcNow());
            });
        }

        if (fill.IsLast)
            await registry.SwitchToBatchesAsync(generation, cancellation);
    }

    public Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation)
    {
        var from = after is { } key ? ($"where \"{tables.KeyName}\" > $1", [DuckDbKey<TKey>.Default.One(key)]) : ("", Array.Empty<DuckDBParameter>());
        return Task.FromResult<IReadOnlyList<TRow>>(InOneMoment<List<TRow>>(
            generation, (connection, catalog) => [.. Read(connection, catalog, $"{from.Item1} order by \"{tables.KeyName}\" limit {limit}", from.Item2).Values]));
    }

    public Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<TRow>>(InOneMoment<List<TRow>>(generation, (connection, catalog) => [.. Find(connection, catalog, keys).Values]));

    public Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation) =>
        Task.FromResult(InOneMoment(generation, (connection, catalog) =>
        {
            var checkpoints = connection.Query($"select * from {catalog}.main.{DuckDbSchema.Checkpoints}", DuckDbSchema.Checkpoint);
            return new RowsWithCheckpoints<TRow>([.. checkpoints.Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset))], [.. Find(connection, catalog, keys).Values]);
        }));

    public Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PendingRequest<TKey>>>(rows.FileOf(generation).Parked == 0 ? [] :
            [.. rows.Letters(generation).Asked(owned, maxKeys, maxEventsPerKey).Select(key => new PendingRequest<TKey>(KeyText.Parse<TKey>(key.Key), key.Asked, key.Operation, key.Records))]);

    public void Dispose() => registry.Dispose();

    /// <summary>Whether batches of a generation have to wait for a moment.</summary>
    internal Task<bool> AreWritesBlockedAsync(int generation, CancellationToken cancellation) => registry.AreWritesBlockedAsync(generation, cancellation);

    /// <summary>The rows of some keys, and which of the keys are parked.</summary>
    internal Dictionary<TKey, TRow> Load(DuckDbFile.Turn turn, IReadOnlyCollection<TKey> keys, HashSet<TKey> parked)
    {
        if (turn.File.Parked > 0)
        {
            parked.UnionWith(turn.Writer.Query(
                $"select distinct key from {turn.File.Catalog}.main.{DuckDbSchema.DeadLetters} where key in (select unnest($1))",
                line => KeyText.Parse<TKey>(line.Text()),
                new DuckDBParameter(keys.Select(KeyText.Of).ToList())));
        }

        return Find(turn.Writer, turn.File.Catalog, keys);
    }

    /// <summary>Writes a batch.</summary>
    internal Task CommitAsync(DuckDbFile.Turn turn, BatchCommit<TKey, TRow> batch, Dictionary<TKey, TRow>? before)
    {
        var after = turn.Advance(batch.Advances);
        return turn.CommitAsync(after, () =>
        {
            Change(turn, batch.Changes, before);
            var letters = Letters(turn);
            if (batch.Resolved.Count > 0)
                letters.HandOn(turn.Writer, batch.Resolved);
            var more = batch.DeadLetters.Count == 0 ? 0 : letters.Park(turn, Parked(batch.DeadLetters), rows.Clock.GetUtcNow());
            var fewer = batch.Resolved.Count == 0 ? 0 : letters.Unpark(turn.Writer, batch.Resolved);
            return Task.FromResult(more - fewer);
        });
    }

    /// <summary>Replaces rows. Lines of child tables that stay as they are are left alone, as far as the rows before are known.</summary>
    private void Change(DuckDbFile.Turn turn, IReadOnlyCollection<RowChange<TKey, TRow>> changes, Dictionary<TKey, TRow>? before)
    {
        if (changes.Count == 0)
            return;
        Remove(turn, tables.Name, changes.Select(change => change.Key), before);
        foreach (var child in tables.Children)
            Remove(turn, child.Name, changes.Where(change => !Stays(child, change, before)).Select(change => change.Key), before);
        using var appenders = new DuckDbAppenders<TKey, TRow>(turn, tables);
        foreach (var change in changes)
        {
            if (change.Row is { } row)
                appenders.Append(row, child => !Stays(child, change, before));
        }

        appenders.Complete();
    }

    private static bool Stays(DuckDbChildTable<TKey, TRow> child, RowChange<TKey, TRow> change, Dictionary<TKey, TRow>? before) =>
        change.Row is { } after && before is not null && before.TryGetValue(change.Key, out var old) && child.IsUnchanged(old, after);

    private void Remove(DuckDbFile.Turn turn, string table, IEnumerable<TKey> keys, Dictionary<TKey, TRow>? before)
    {
        TKey[] stored = [.. before is null ? keys : keys.Where(before.ContainsKey)];
        if (stored.Length > 0)
            turn.Writer.Execute($"delete from {turn.File.Catalog}.main.\"{table}\" where \"{tables.KeyName}\" in (select unnest($1))", DuckDbKey<TKey>.Default.Several(stored));
    }

    private static IEnumerable<(string, LogRecord, string?)> Parked(IEnumerable<DeadLetterEvent<TKey>> parked) =>
        parked.Select(entry => (KeyText.Of(entry.Key), entry.Record, entry.Reason));

    private DuckDbDeadLetters Letters(DuckDbFile.Turn turn) => new(instance, turn.File.Catalog);

    private T InOneMoment<T>(int generation, Func<DuckDBConnection, string, T> read)
    {
        var file = rows.FileOf(generation);
        using var connection = instance.Connect();
        using var transaction = connection.BeginTransaction();
        return read(connection, file.Catalog);
    }

    private Dictionary<TKey, TRow> Find(DuckDBConnection connection, string catalog, IReadOnlyCollection<TKey> keys) =>
        Read(connection, catalog, $"where \"{tables.KeyName}\" in (select unnest($1))", DuckDbKey<TKey>.Default.Several(keys));

    private Dictionary<TKey, TRow> Read(DuckDBConnection connection, string catalog, string which, params DuckDBParameter[] parameters)
    {
        var found = new Dictionary<TKey, TRow>();
        connection.Read($"select {Names(tables.Columns.Names.Prepend(tables.KeyName))} from {catalog}.main.\"{tables.Name}\" {which}", lines =>
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
