using Monolith.BuildingBlocks.EventLog.Transport;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>Reads what a statement that takes partitions over returns: log, partition, epoch, next offset, id of the last event, position, source.</summary>
internal static class CheckpointRows
{
    public static async Task<List<Checkpoint>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var points = new List<Checkpoint>();
        while (await reader.ReadAsync(cancellation))
        {
            points.Add(new Checkpoint(
                new LogPartition(reader.GetString(0), reader.GetInt32(1)),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetGuid(4),
                reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetString(6)));
        }

        return points;
    }
}
