using Monolith.Benchmarks.Running;
using Npgsql;

namespace Monolith.Benchmarks.Searching;

/// <summary>A customer that a query searches for.</summary>
internal sealed record Person(string Username, string First, string Last)
{
    /// <summary>A sample of customers from the whole log.</summary>
    public static async Task<IReadOnlyList<Person>> SampleAsync(Database database, int count, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await using var select = new NpgsqlCommand(
            $"select data->>'username', data->>'firstName', data->>'lastName' from customers.events order by random() limit {count}",
            connection);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var people = new List<Person>(count);
        while (await rows.ReadAsync(cancellation))
            people.Add(new Person(rows.GetString(0), rows.GetString(1), rows.GetString(2)));
        return people;
    }
}
