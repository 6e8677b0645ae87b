using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// A batch of a projection whose partitions may share rows. It holds the generation's advisory lock from before it loads rows until it has
/// committed. Begin, lock and load are one round trip, write and commit another.
/// </summary>
internal sealed class SerializedBatch<TKey, TRow>(
    NpgsqlDataSource dataSource, NpgsqlConnection connection, long generationLock, BatchStatements<TKey, TRow> statements)
    : IStoreBatch<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private bool begun;

    // Rows and checkpoints are written together.
    public IReadOnlyDictionary<TKey, long>? AppliedOffsets => null;

    public async Task LoadAsync(
        IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> deadLetterKeys, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        Begin(batch);
        statements.Load(batch, keys);
        await using var reader = await StalledTransactionTerminator.ExecuteAsync(dataSource, () => batch.ExecuteReaderAsync(cancellation));
        // The lock is a separate statement, so that the next one takes its snapshot after it. Its result comes first and is skipped.
        await reader.NextResultAsync(cancellation);
        await statements.ReadAsync(reader, rows, deadLetterKeys, cancellation);
    }

    public async Task CommitAsync(BatchCommit<TKey, TRow> commit, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (!begun)
            Begin(batch);
        statements.Write(batch, commit);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException exception)
        {
            throw BatchStatements<TKey, TRow>.Translate(exception);
        }
    }

    // An open transaction is rolled back when the connection returns to the pool.
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private void Begin(NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin isolation level read committed"));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand("select pg_advisory_xact_lock($1)") { Parameters = { new() { Value = generationLock } } });
        begun = true;
    }
}
