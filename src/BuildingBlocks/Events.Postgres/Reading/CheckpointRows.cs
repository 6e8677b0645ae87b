using Monolith.BuildingBlocks.Events.Transport;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>Reads rows of checkpoints: log, partition, epoch, next offset, id of the last event, position, source.</summary>
public static class CheckpointRows
{
    /// <summary>Reads all rows.</summary>
    /// <param name="reader">The rows, with these columns in this order.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public static async Task<List<Checkpoint>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var checkpoints = new List<Checkpoint>();
        while (await reader.ReadAsync(cancellation))
        {
            checkpoints.Add(new Checkpoint(
                new LogPartition(reader.GetString(0), reader.GetInt32(1)),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetGuid(4),
                reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetString(6)));
        }

        return checkpoints;
    }
}
