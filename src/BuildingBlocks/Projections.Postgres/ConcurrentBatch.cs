using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// A batch of a projection whose partitions share no row. Only the owner of the partition changes its rows, under its epoch, so that they
/// are loaded outside the transaction. The write is one implicit transaction and one round trip.
/// </summary>
internal sealed class ConcurrentBatch<TKey, TRow>(NpgsqlDataSource dataSource, BatchStatements<TKey, TRow> statements)
    : IStoreBatch<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    // Rows and checkpoints are written together.
    public IReadOnlyDictionary<TKey, long>? AppliedOffsets => null;

    public async Task LoadAsync(
        IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> deadLetterKeys, CancellationToken cancellation)
    {
        await using var batch = dataSource.CreateBatch();
        statements.Load(batch, keys);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await statements.ReadAsync(reader, rows, deadLetterKeys, cancellation);
    }

    public async Task CommitAsync(BatchCommit<TKey, TRow> commit, CancellationToken cancellation)
    {
        await using var batch = dataSource.CreateBatch();
        statements.Write(batch, commit);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException exception)
        {
            throw BatchStatements<TKey, TRow>.Translate(exception);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
