using Npgsql;

namespace Monolith.System.Tests;

/// <summary>Events that no use case would write, appended to a module's log as its app role would.</summary>
internal static class LoggedByHand
{
    /// <summary>Appends an event to the partition of an existing stream.</summary>
    /// <param name="database">Connections as superuser.</param>
    /// <param name="module">The module's schema.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="data">Its data.</param>
    public static async Task AppendAsync(NpgsqlDataSource database, string module, Guid stream, string type, string data)
    {
        await using var insert = database.CreateCommand(
            $"""
            insert into {module}.events (partition, event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
            select partition, gen_random_uuid(), $1, max(stream_version) + 1, $2, $3::json, now(), gen_random_uuid() from {module}.events where stream_id = $1 group by partition
            """);
        insert.Parameters.Add(new() { Value = stream });
        insert.Parameters.Add(new() { Value = type });
        insert.Parameters.Add(new() { Value = data });
        (await insert.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
