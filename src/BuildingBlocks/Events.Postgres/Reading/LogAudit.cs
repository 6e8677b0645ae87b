using Monolith.BuildingBlocks.Events.Logs;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>Finds gaps in the offsets of partitions and in the versions of streams. It reads in short batches.</summary>
internal sealed class LogAudit(PostgresLog log)
{
    private const int OffsetsPerBatch = 50_000;
    private const int StreamsPerBatch = 5_000;
    private const int MaxFaults = 100;

    /// <summary>Describes each gap below some heads in a sentence.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(IReadOnlyList<PartitionOffset> below, CancellationToken cancellation)
    {
        var faults = new List<string>();
        foreach (var head in below)
            await CheckOffsetsAsync(head, faults, cancellation);
        await CheckVersionsAsync(faults, cancellation);
        return faults;
    }

    private async Task CheckOffsetsAsync(PartitionOffset head, List<string> faults, CancellationToken cancellation)
    {
        for (var from = 0L; from < head.Offset && faults.Count < MaxFaults; from += OffsetsPerBatch)
        {
            var to = Math.Min(from + OffsetsPerBatch, head.Offset);
            await using var command = log.Database.Reader.CreateCommand(
                $"""select count(*) from {log.Database.Schema}.events where partition = $1 and "offset" >= $2 and "offset" < $3""");
            command.Parameters.Add(new() { Value = head.Partition });
            command.Parameters.Add(new() { Value = from });
            command.Parameters.Add(new() { Value = to });
            var found = (long)(await command.ExecuteScalarAsync(cancellation))!;
            if (found != to - from)
                faults.Add($"{log.Name}[{head.Partition}] has {found} of the {to - from} offsets from {from} to {to - 1}");
        }
    }

    private async Task CheckVersionsAsync(List<string> faults, CancellationToken cancellation)
    {
        Guid? after = Guid.Empty;
        while (after is { } last && faults.Count < MaxFaults)
            after = await CheckVersionsAsync(last, faults, cancellation);
    }

    private async Task<Guid?> CheckVersionsAsync(Guid after, List<string> faults, CancellationToken cancellation)
    {
        await using var command = log.Database.Reader.CreateCommand(
            $"""
            with streams as (
                select stream_id, count(*) as events, min(stream_version) as first, max(stream_version) as last
                from {log.Database.Schema}.events
                where stream_id > $1 group by stream_id order by stream_id limit $2
            )
            select stream_id, events, first, last, (select max(stream_id::text) from streams)
            from streams where events <> last or first <> 1
            union all
            select null, 0, 0, 0, max(stream_id::text) from streams
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = after, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = StreamsPerBatch });
        Guid? last = null;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (!reader.IsDBNull(0) && faults.Count < MaxFaults)
            {
                faults.Add($"the stream {reader.GetGuid(0)} of {log.Name} has {reader.GetInt64(1)} events "
                    + $"with versions {reader.GetInt64(2)} to {reader.GetInt64(3)}");
            }

            last = reader.IsDBNull(4) ? null : Guid.Parse(reader.GetString(4));
        }

        return last;
    }
}
