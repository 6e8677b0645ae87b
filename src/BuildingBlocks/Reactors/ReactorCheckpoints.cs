using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>
/// The checkpoints of a reactor. They are in the module's read schema, in a separate table that no operation on projections touches: a
/// reactor has no generations and cannot be replayed.
/// </summary>
internal sealed class ReactorCheckpoints(NpgsqlDataSource dataSource, string schema, string reactor)
{
    private readonly string tableSql =
        $"""
        create table if not exists {schema}.reactor_checkpoints (
            reactor text not null,
            log text not null,
            partition integer not null,
            epoch bigint not null,
            next_offset bigint not null,
            last_event_id uuid,
            position bigint not null,
            source text,
            started_at timestamptz not null default now(),
            updated_at timestamptz not null default now(),
            primary key (reactor, log, partition)
        ) with (fillfactor = 20)
        """;

    private readonly string isStartedSql = $"select exists (select from {schema}.reactor_checkpoints where reactor = $1 and log = $2)";

    private readonly string startSql =
        $"""
        insert into {schema}.reactor_checkpoints (reactor, log, partition, epoch, next_offset, last_event_id, position, source)
            select $1, $2, head.partition, 0, head.next_offset, head.event_id, head.position, head.source
            from unnest($3, $4, $5, $6, $7) as head (partition, next_offset, event_id, position, source) order by head.partition
        on conflict (reactor, log, partition) do nothing
        """;

    // The rows are locked in one order, so that two hosts that claim several partitions cannot deadlock.
    private readonly string claimSql =
        $"""
        with claimed as (
            select c.log, c.partition from {schema}.reactor_checkpoints c
            join unnest($2, $3) as wanted (log, partition) on wanted.log = c.log and wanted.partition = c.partition
            where c.reactor = $1 order by c.log, c.partition for update of c
        )
        update {schema}.reactor_checkpoints c set epoch = c.epoch + 1, updated_at = now()
            from claimed where c.reactor = $1 and c.log = claimed.log and c.partition = claimed.partition
            returning c.log, c.partition, c.epoch, c.next_offset, c.last_event_id, c.position, c.source
        """;

    private readonly string advanceSql =
        $"""
        update {schema}.reactor_checkpoints c
            set next_offset = a.to_offset, last_event_id = a.event_id, position = a.position, source = a.source, updated_at = now()
            from unnest($2, $3, $4, $5, $6, $7, $8, $9) as a (log, partition, epoch, from_offset, to_offset, event_id, position, source)
            where c.reactor = $1 and c.log = a.log and c.partition = a.partition and c.epoch = a.epoch and c.next_offset = a.from_offset
            returning c.log, c.partition
        """;

    /// <summary>
    /// Creates the table if it is missing, and starts the reactor at the heads of logs that are new to it. All partitions of a log are
    /// started in one statement, so that a crash leaves all of them or none, and concurrent hosts agree.
    /// </summary>
    public async Task PrepareAsync(IEventTransport transport, IEnumerable<string> logs, CancellationToken cancellation)
    {
        await CreateTableAsync(cancellation);
        foreach (var log in logs)
        {
            if (!await IsStartedAsync(log, cancellation))
                await StartAsync(log, await transport.PartitionHeadsAsync(log, cancellation), cancellation);
        }
    }

    /// <summary>Claims partitions: each checkpoint gets the next epoch, so that the previous owner cannot advance it any more.</summary>
    public async Task<IReadOnlyList<Checkpoint>> ClaimAsync(IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(claimSql);
        command.Parameters.Add(new() { Value = reactor });
        command.Parameters.Add(Values(partitions, partition => partition.Log, NpgsqlDbType.Text));
        command.Parameters.Add(Values(partitions, partition => partition.Partition, NpgsqlDbType.Integer));

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var claimed = await CheckpointRows.ReadAsync(reader, cancellation);
        if (claimed.Count == partitions.Count)
            return claimed;
        // Starting at offset 0 would repeat all side effects.
        var missing = string.Join(", ", partitions.Except(claimed.Select(checkpoint => checkpoint.Partition)));
        throw new InvalidOperationException(
            $"The reactor {reactor} has no checkpoint for {missing}: it was removed, or the topic has more partitions than before. "
            + $"Remove all of its rows in {schema}.reactor_checkpoints to let it start at the head of the log.");
    }

    /// <summary>Advances checkpoints by compare-and-swap on epoch and offset, each on its own.</summary>
    /// <returns>The partitions whose checkpoint advanced; the others have another owner, or an earlier call succeeded after all.</returns>
    public async Task<IReadOnlySet<LogPartition>> AdvanceAsync(IReadOnlyList<CheckpointAdvance> advances, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(advanceSql);
        command.Parameters.Add(new() { Value = reactor });
        command.Parameters.Add(Values(advances, advance => advance.Partition.Log, NpgsqlDbType.Text));
        command.Parameters.Add(Values(advances, advance => advance.Partition.Partition, NpgsqlDbType.Integer));
        command.Parameters.Add(Values(advances, advance => advance.Epoch, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(advances, advance => advance.From, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(advances, advance => advance.To, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(advances, advance => advance.LastEventId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(advances, advance => advance.Position, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(advances, advance => advance.Source, NpgsqlDbType.Text));

        var advanced = new HashSet<LogPartition>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            advanced.Add(new LogPartition(reader.GetString(0), reader.GetInt32(1)));
        return advanced;
    }

    private async Task CreateTableAsync(CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
        // Concurrent "create … if not exists" statements of two hosts could still fail.
        var key = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{schema}/reactors")));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock($1)") { Parameters = { new() { Value = key } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(tableSql));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<bool> IsStartedAsync(string log, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(isStartedSql);
        command.Parameters.Add(new() { Value = reactor });
        command.Parameters.Add(new() { Value = log });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task StartAsync(string log, IReadOnlyList<LogHead> heads, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(startSql);
        command.Parameters.Add(new() { Value = reactor });
        command.Parameters.Add(new() { Value = log });
        command.Parameters.Add(Values(heads, head => head.Partition.Partition, NpgsqlDbType.Integer));
        command.Parameters.Add(Values(heads, head => head.NextOffset, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(heads, head => head.LastEventId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(heads, head => head.Position, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(heads, head => head.Source, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Values<TItem, T>(IReadOnlyList<TItem> items, Func<TItem, T> value, NpgsqlDbType type) =>
        new NpgsqlParameter<T[]> { TypedValue = [.. items.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type };
}
