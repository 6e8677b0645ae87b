using System.Text.Json.Nodes;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;
using Npgsql;

namespace Monolith.System.Tests;

/// <summary>The verb <c>events tail</c> against a running host: nothing is lost, nothing is shown twice.</summary>
[Trait("Category", "System")]
public sealed class EventTailTests(Servers servers)
{
    private const int Customers = 12;
    private const string Renamed = """{"customerId":"{0}","firstName":"Ada","lastName":"King"}""";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Tail_shows_late_and_future_events_once_across_a_restart(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        for (var i = 0; i < Customers; i++)
            await shop.RegisterAsync();
        var (first, second) = await InTwoPartitionsAsync(site.Sql);
        await using var tail = await new CliRunner(host.Url).StartAsync("events tail --module customers --json");
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            await shop.RegisterAsync();
            return tail.Output.Count > 0 ? null : "an event is shown";
        });
        var before = await IdsAsync(site.Sql);

        await using (var connection = await site.Sql.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await AppendAsync(connection, first, "now() - interval '3 seconds'");
            await AppendAsync(site.Sql, second, "now()");
            await AllShownAsync();
            await transaction.CommitAsync();
        }

        await AllShownAsync();
        await AppendAsync(site.Sql, first, "now() + interval '1 day'");
        await AllShownAsync();
        await AppendAsync(site.Sql, second, "now()");
        await AllShownAsync();

        await host.StopAsync();
        await AppendAsync(site.Sql, second, "now()");
        host = await site.StartHostAsync(host.Url);
        await new Shop(host.Url).RegisterAsync();
        await AllShownAsync();
        await host.Process.KillAsync();
        host = await site.StartHostAsync(host.Url);
        await new Shop(host.Url).RegisterAsync();
        await AllShownAsync();

        await tail.TerminateAsync();
        (await CliRunner.EndAsync(tail)).ShouldExit(0);
        Shown().ShouldBeUnique();

        IReadOnlyList<Guid> Shown() => [.. tail.Output.Select(line => (Guid)JsonNode.Parse(line)!["id"]!)];

        Task AllShownAsync() => Eventually.HoldsAsync(Timeout, async () =>
        {
            var missing = (await IdsAsync(site.Sql)).Except(before).Except(Shown()).ToArray();
            return missing.Length == 0 ? null : $"the event {missing[0]} is not shown";
        });
    }

    /// <summary>Two streams whose commits do not block each other.</summary>
    private static async Task<(Guid First, Guid Second)> InTwoPartitionsAsync(NpgsqlDataSource database)
    {
        await using var select = database.CreateCommand(
            "select distinct on (partition) stream_id from customers.events order by partition limit 2");
        await using var reader = await select.ExecuteReaderAsync();
        var streams = new List<Guid>();
        while (await reader.ReadAsync())
            streams.Add(reader.GetGuid(0));
        return (streams[0], streams[1]);
    }

    private static async Task<HashSet<Guid>> IdsAsync(NpgsqlDataSource database)
    {
        await using var select = database.CreateCommand("select event_id from customers.events");
        await using var reader = await select.ExecuteReaderAsync();
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync())
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    private static async Task AppendAsync(NpgsqlDataSource database, Guid stream, string time)
    {
        await using var connection = await database.OpenConnectionAsync();
        await AppendAsync(connection, stream, time);
    }

    private static async Task AppendAsync(NpgsqlConnection connection, Guid stream, string time)
    {
        await using var insert = new NpgsqlCommand(
            $"""
            insert into customers.events (partition, event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
            select partition, gen_random_uuid(), $1, max(stream_version) + 1, 'customer.renamed.v1', $2::json, {time}, gen_random_uuid()
            from customers.events where stream_id = $1 group by partition
            """,
            connection);
        insert.Parameters.Add(new() { Value = stream });
        insert.Parameters.Add(new() { Value = Renamed.Replace("{0}", stream.ToString(), StringComparison.Ordinal) });
        (await insert.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
