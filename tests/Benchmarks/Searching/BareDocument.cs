using System.Text;
using System.Text.Json;
using Monolith.Benchmarks.Baselines;
using Npgsql;

namespace Monolith.Benchmarks.Searching;

/// <summary>
/// The document that the host's index holds for a customer, written by hand and ready to be indexed. The names are ASCII, so that folding
/// only lower-cases them.
/// </summary>
internal sealed record BareDocument(string Id, long At, string Username, string Names, string Words, byte[] Row)
{
    /// <summary>The documents of all customers in the log, which has one event for each.</summary>
    public static async Task<List<BareDocument>> ReadAsync(NpgsqlDataSource dataSource)
    {
        var documents = new List<BareDocument>();
        await using var select =
            dataSource.CreateCommand("""select data, occurred_at from customers.events order by partition, "offset" """);
        await using var rows = await select.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            documents.Add(
                Of(
                    JsonSerializer.Deserialize(rows.GetFieldValue<byte[]>(0), BareJson.Default.Registered)!,
                    rows.GetFieldValue<DateTimeOffset>(1)));
        return documents;
    }

    private static BareDocument Of(Registered customer, DateTimeOffset at)
    {
        var (username, email) = (customer.Username.Replace('.', ' '), customer.Email.Replace('.', ' ').Replace('@', ' '));
        var names = $"{customer.FirstName} {customer.LastName}".ToLowerInvariant();
        return new BareDocument(
            customer.CustomerId.ToString(),
            (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            username.Replace(" ", "", StringComparison.Ordinal),
            names,
            $"{username} | {names} | {email}",
            Encoding.UTF8.GetBytes(
                $$"""{"id":"{{customer.CustomerId}}","username":"{{customer.Username}}","firstName":"{{customer.FirstName}}","lastName":"{{customer.LastName}}","email":"{{customer.Email}}","status":"active","registeredAt":"{{at:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"}"""));
    }
}
