using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>
/// Distributes the partitions of a log among the relays of all hosts, by leases in the module's schema. A lease expires if its relay does
/// not renew it. The database provides the time.
/// </summary>
internal sealed class RelayLeases(PostgresLog log)
{
    /// <summary>How long a lease is valid without renewal.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    private readonly NpgsqlDataSource dataSource = log.Database.App;
    private readonly string members = $"{log.Database.Schema}.relay_members";
    private readonly string leases = $"{log.Database.Schema}.relay_leases";

    /// <summary>The id of this relay.</summary>
    public Guid Member { get; } = Guid.CreateVersion7();

    /// <summary>Renews the leases of this relay and acquires free ones, up to a fair share of all partitions.</summary>
    public async Task<LeaseRenewal> RenewAsync(CancellationToken cancellation)
    {
        await using var batch = dataSource.CreateBatch();
        Add(
            batch,
            $"""
            insert into {members} (member, expires_at) values ($1, now() + $2)
            on conflict (member) do update set expires_at = excluded.expires_at
            """,
            Member,
            Duration);
        Add(
            batch,
            $"delete from {members} where member in (select member from {members} where expires_at < now() - $1 for update skip locked)",
            Duration);
        Add(batch, $"update {leases} set expires_at = now() + $2 where member = $1", Member, Duration);
        Add(
            batch,
            $"""
            with fair as (
                select ceil(
                    (select count(*) from {leases})::numeric
                    / greatest(1, (select count(*) from {members} where expires_at >= now())))::integer as part
            ), free as (
                select partition from {leases} where member is null or expires_at < now() order by partition
                limit greatest(0, (select part from fair) - (select count(*) from {leases} where member = $1 and expires_at >= now()))
                for update skip locked
            )
            update {leases} l set member = $1, expires_at = now() + $2 from free where l.partition = free.partition
            """,
            Member,
            Duration);
        Add(
            batch,
            $"select (select count(*) from {leases})::integer, (select count(*) from {members} where expires_at >= now())::integer");
        Add(batch, $"select partition, topic_id from {leases} where member = $1 order by partition", Member);

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var (partitions, relays) = (reader.GetInt32(0), reader.GetInt32(1));
        await reader.NextResultAsync(cancellation);
        var held = new List<RelayLease>();
        while (await reader.ReadAsync(cancellation))
            held.Add(new RelayLease(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
        return new LeaseRenewal(held, (partitions + relays - 1) / relays, relays);
    }

    /// <summary>Stores the id of the topic that partitions are relayed to.</summary>
    public async Task NoteTopicAsync(IReadOnlyCollection<int> partitions, string topicId, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand($"update {leases} set topic_id = $3 where member = $1 and partition = any($2)");
        command.Parameters.Add(new() { Value = Member });
        command.Parameters.Add(new() { Value = partitions.ToArray() });
        command.Parameters.Add(new() { Value = topicId });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Releases leases.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"update {leases} set member = null, expires_at = null where member = $1 and partition = any($2)");
        command.Parameters.Add(new() { Value = Member });
        command.Parameters.Add(new() { Value = partitions.ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Releases all leases of this relay and removes it.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        await using var batch = dataSource.CreateBatch();
        Add(batch, $"update {leases} set member = null, expires_at = null where member = $1", Member);
        Add(batch, $"delete from {members} where member = $1", Member);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        batch.BatchCommands.Add(command);
    }
}

/// <summary>The leases of a relay after a renewal.</summary>
/// <param name="Held">The leases.</param>
/// <param name="FairShare">How many partitions the relay should hold at most.</param>
/// <param name="Relays">The number of live relays of the log.</param>
internal sealed record LeaseRenewal(IReadOnlyList<RelayLease> Held, int FairShare, int Relays);

/// <summary>A lease of a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="TopicId">The topic that the partition was last relayed to, by any relay.</param>
internal sealed record RelayLease(int Partition, string? TopicId);
