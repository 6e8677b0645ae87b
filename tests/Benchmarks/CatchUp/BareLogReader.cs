using Npgsql;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>Reads its own log in batches, one partition after the other.</summary>
internal sealed class BareLogReader(NpgsqlDataSource dataSource)
{
    public const string Log = "bare.events";

    private readonly long[] next = new long[LogSeed.Partitions];

    public async IAsyncEnumerable<List<BareRecord>> BatchesAsync(int maxOfBatch)
    {
        for (var partition = 0; partition < next.Length; partition++)
        {
            while (await BatchAsync(partition, maxOfBatch) is { Count: > 0 } batch)
            {
                next[partition] = batch[^1].Offset + 1;
                yield return batch;
            }
        }
    }

    private async Task<List<BareRecord>> BatchAsync(int partition, int maxOfBatch)
    {
        var batch = new List<BareRecord>(maxOfBatch);
        await using var command = dataSource.CreateCommand(
            $"""select "offset", stream_id, type, data from {Log} where partition = $1 and "offset" >= $2 order by "offset" limit $3""");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = partition });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = next[partition] });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = maxOfBatch });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            batch.Add(new BareRecord(partition, rows.GetInt64(0), rows.GetGuid(1), rows.GetString(2), rows.GetFieldValue<byte[]>(3)));
        return batch;
    }
}
