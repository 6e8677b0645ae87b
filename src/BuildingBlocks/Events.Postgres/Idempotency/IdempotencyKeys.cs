using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Events.Postgres.Idempotency;

/// <summary>
/// Reads and stores idempotency keys of a module. The offsets of a command's events are read from the log, so that they are right even if
/// the log was restored from a backup.
/// </summary>
internal sealed class IdempotencyKeys(PostgresLog log) : IIdempotencyKeys
{
    private readonly string select =
        $"""
        select kept.payload, kept.status, kept.headers, kept.body, event.partition, event."offset"
        from {log.Database.Schema}.idempotency_keys kept
        left join lateral (
            select partition, "offset" from {log.Database.Schema}.events
            where event_id = any (kept.event_ids) order by "offset" desc limit 1
        ) event on true
        where kept.key = $1
        """;

    private readonly string exists = $"select exists (select from {log.Database.Schema}.idempotency_keys where key = $1)";

    private readonly string insert =
        $"""
        insert into {log.Database.Schema}.idempotency_keys (key, payload, status, headers, body, event_ids)
        values ($1, $2, $3, $4, $5, array[]::uuid[]) on conflict do nothing
        """;

    public async Task<IdempotencyRecord?> FindAsync(string key, CancellationToken cancellation)
    {
        await using var command = log.Database.App.CreateCommand(select);
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;

        var headers = JsonSerializer.Deserialize(reader.GetString(2), HeadersJson.Default.DictionaryStringString)!;
        return new IdempotencyRecord(
            reader.GetFieldValue<byte[]>(0),
            new StoredResponse(reader.GetInt32(1), headers, reader.GetFieldValue<byte[]>(3)),
            reader.IsDBNull(4) ? null : new LogOffset(log.Name, reader.GetInt32(4), reader.GetInt64(5) + 1));
    }

    public async Task<bool> ContainsAsync(string key, CancellationToken cancellation)
    {
        await using var command = log.Database.App.CreateCommand(exists);
        command.Parameters.Add(new() { Value = key });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task StoreAsync(string key, byte[] payload, StoredResponse response, CancellationToken cancellation)
    {
        await using var command = log.Database.App.CreateCommand(insert);
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = payload });
        command.Parameters.Add(new() { Value = response.Status });
        var headers = JsonSerializer.Serialize(response.Headers, HeadersJson.Default.IReadOnlyDictionaryStringString);
        command.Parameters.Add(new() { Value = headers, NpgsqlDbType = NpgsqlDbType.Json });
        command.Parameters.Add(new() { Value = response.Body });
        try
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == IdempotencyRowMapping.KeyInUse)
        {
            // Another process is storing the same key.
        }
    }
}

/// <summary>Serializes the headers of a stored response.</summary>
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class HeadersJson : JsonSerializerContext;
