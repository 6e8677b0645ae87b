using Monolith.BuildingBlocks.Events.Logs;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>Looks for holes in a log: in the offsets of its partitions and in the versions of its streams. It reads in short batches.</summary>
internal sealed class LogAudit(PostgresLog log)
{
    private const int OffsetsAtOnce = 50_000;
    private const int StreamsAtOnce = 5_000;
    private const int MostFaults = 100;

    /// <summary>The faults below some heads, in sentences.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(IReadOnlyList<PartitionOffset> below, CancellationToken cancellation)
    {
        var faults = new List<string>();
        foreach (var head in below)
            await LookAtOffsetsAsync(head, faults, cancellation);
        await LookAtVersionsAsync(faults, cancellation);
        return faults;
    }

    private async Task LookAtOffsetsAsync(PartitionOffset head, List<string> faults, CancellationToken cancellation)
    {
        for (var from = 0L; from < head.Offset && faults.Count < MostFaults; from += OffsetsAtOnce)
        {
            var to = Math.Min(from + OffsetsAtOnce, head.Offset);
            await using var command = log.Database.Reader.CreateCommand($"""select count(*) from {log.Database.Schema}.events where partition = $1 and "offset" >= $2 and "offset" < $3""");
            command.Parameters.Add(new() { Value = head.Partition });
            command.Parameters.Add(new() { Value = from });
            command.Parameters.Add(new() { Value = to });
            var there = (long)(await command.ExecuteScalarAsync(cancellation))!;
            if (there != to - from)
                faults.Add($"{log.Name}[{head.Partition}] has {there} of the {to - from} offsets from {from} to {to - 1}");
        }
    }

    private async Task LookAtVersionsAsync(List<string> faults, CancellationToken cancellation)
    {
        Guid? after = Guid.Empty;
        while (after is { } last && faults.Count < MostFaults)
            after = await LookAtVersionsAsync(last, faults, cancellation);
    }

    private async Task<Guid?> LookAtVersionsAsync(Guid after, List<string> faults, CancellationToken cancellation)
    {
        await using var command = log.Database.Reader.CreateCommand(
            $"""
            with streams as (
                select stream_id, count(*) as events, min(stream_version) as first, max(stream_version) as last from {log.Database.Schema}.events
                where stream_id > $1 group by stream_id order by stream_id limit $2
            )
            select stream_id, events, first, last, (select max(stream_id::text) from streams) from streams where events <> last or first <> 1
            union all
            select null, 0, 0, 0, max(stream_id::text) from streams
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = after, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = StreamsAtOnce });
        Guid? last = null;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (!reader.IsDBNull(0) && faults.Count < MostFaults)
                faults.Add($"the stream {reader.GetGuid(0)} of {log.Name} has {reader.GetInt64(1)} events with versions {reader.GetInt64(2)} to {reader.GetInt64(3)}");
            last = reader.IsDBNull(4) ? null : Guid.Parse(reader.GetString(4));
        }

        return last;
    }
}
