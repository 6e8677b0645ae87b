using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>
/// A read model written by hand for this case: folds a batch in memory, and upserts its rows and the offsets in one round trip.
/// </summary>
internal sealed class BareReadModel(NpgsqlDataSource dataSource)
{
    public const string Table = "bare.customers";

    private readonly Dictionary<Guid, BareRow> batch = [];

    public static string CreateSql =>
        """
        create schema if not exists bare;
        create table if not exists bare.customers (customer_id uuid primary key, username text, name text, status text);
        create table if not exists bare.checkpoints (partition integer primary key, next_offset bigint not null);
        """;

    /// <summary>Folds one batch and commits it.</summary>
    /// <param name="events">The events, those of one customer in order.</param>
    /// <param name="offsets">The next offset of each partition that the batch has events of.</param>
    public async Task ApplyAsync(IReadOnlyList<BareRecord> events, IReadOnlyDictionary<int, long> offsets)
    {
        batch.Clear();
        await LoadAsync([.. events.Select(e => e.StreamId).Distinct()]);
        foreach (var e in events)
            Fold(e);
        await WriteAsync([.. batch.Values], offsets);
    }

    private async Task LoadAsync(Guid[] ids)
    {
        await using var command =
            dataSource.CreateCommand($"select customer_id, username, name, status from {Table} where customer_id = any($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            batch.Add(rows.GetGuid(0), new BareRow(rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetString(3)));
    }

    /// <summary>The row after an event; null where the event changes none.</summary>
    public static BareRow? Fold(BareRow? row, BareRecord e)
    {
        switch (e.Type)
        {
            case "customer.registered.v1":
                var registered = JsonSerializer.Deserialize(e.Data, BareReplayJson.Default.ReplayedRegistration)!;
                return new BareRow(e.StreamId, registered.Username, $"{registered.FirstName} {registered.LastName}", "active");
            case "customer.renamed.v1":
                var renamed = JsonSerializer.Deserialize(e.Data, BareReplayJson.Default.ReplayedName)!;
                return row! with { Name = $"{renamed.FirstName} {renamed.LastName}" };
            case "customer.deactivated.v1":
                return row! with { Status = "inactive" };
            case "customer.reactivated.v1":
                return row! with { Status = "active" };
            default:
                return null;
        }
    }

    private void Fold(BareRecord e)
    {
        if (Fold(batch.GetValueOrDefault(e.StreamId), e) is { } row)
            batch[e.StreamId] = row;
    }

    private async Task WriteAsync(BareRow[] rows, IReadOnlyDictionary<int, long> offsets)
    {
        await using var batch = dataSource.CreateBatch();
        var upsert = new NpgsqlBatchCommand(
            $"insert into {Table} select * from unnest($1, $2, $3, $4) on conflict (customer_id) do update set username = "
                + "excluded.username, name = excluded.name, status = excluded.status");
        upsert.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. rows.Select(row => row.CustomerId)] });
        upsert.Parameters.Add(Texts(rows, row => row.Username));
        upsert.Parameters.Add(Texts(rows, row => row.Name));
        upsert.Parameters.Add(Texts(rows, row => row.Status));
        batch.BatchCommands.Add(upsert);
        var advance = new NpgsqlBatchCommand(
            "insert into bare.checkpoints select * from unnest($1, $2) on conflict (partition) do update set next_offset = "
                + "excluded.next_offset");
        advance.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. offsets.Keys] });
        advance.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. offsets.Values] });
        batch.BatchCommands.Add(advance);
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter Texts(BareRow[] rows, Func<BareRow, string> text) =>
        new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(text)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

/// <summary>An event that the hand-written loop reads from a log or a topic.</summary>
internal readonly record struct BareRecord(int Partition, long Offset, Guid StreamId, string Type, byte[] Data);

internal sealed record BareRow(Guid CustomerId, string Username, string Name, string Status);

internal sealed record ReplayedRegistration(string Username, string FirstName, string LastName);

internal sealed record ReplayedName(string FirstName, string LastName);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplayedRegistration))]
[JsonSerializable(typeof(ReplayedName))]
internal sealed partial class BareReplayJson : JsonSerializerContext;
