using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// A batch of a projection whose partitions share no row: its rows change only under the epoch of the partition's owner, so that they may be loaded outside the transaction, and the whole
/// write is one batch, one implicit transaction, one round trip.
/// </summary>
internal sealed class ConcurrentBatch<TKey, TRow>(NpgsqlDataSource dataSource, BatchStatements<TKey, TRow> statements) : IStoreBatch<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    public async Task LoadAsync(IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> parked, CancellationToken cancellation)
    {
        await using var batch = dataSource.CreateBatch();
        statements.Load(batch, keys);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await statements.ReadAsync(reader, rows, parked, cancellation);
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
