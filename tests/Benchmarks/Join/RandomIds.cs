using Npgsql;

namespace Monolith.Benchmarks.Join;

/// <summary>The ids of random rows of a table.</summary>
internal static class RandomIds
{
    public static async Task<IReadOnlyList<Guid>> OfAsync(
        NpgsqlConnection connection, string table, int count, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select id from {table} order by random() limit {count}", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var ids = new List<Guid>(count);
        while (await rows.ReadAsync(cancellation))
            ids.Add(rows.GetGuid(0));
        return ids;
    }
}
