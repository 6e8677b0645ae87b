using System.Net;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class UnreadableEventTests(Servers servers)
{
    private const int Clients = 4;
    private const int SomeCommands = 300;
    private const string UnknownType = "customer.praised.v1";

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(15);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Unknown_event_type_is_reported_and_stops_only_its_readers(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        var customer = Registered(load.Journal)[0];

        await LoggedByHand.AppendAsync(site.Sql, "customers", customer, UnknownType, """{"praise":"well done"}""");

        await Health.BecomesAsync(
            host.Url,
            SeenWithin,
            health =>
                health is { Code: HttpStatusCode.OK, Status: "degraded" }
                    && health.Faults.Any(fault => fault.Value.Detail.Contains(UnknownType, StringComparison.Ordinal)));
        await using var afterwards = MixedLoad.Full(Clients, host.Url);
        await afterwards.RunAsync(SomeCommands);
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Undecodable_event_becomes_dead_letter_or_stops_keyless_partition(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);
        var customer = Registered(load.Journal)[0];

        await LoggedByHand.AppendAsync(site.Sql, "customers", customer, "customer.renamed.v1", """{"customerId":"no id"}""");
        await LoggedByHand.AppendAsync(
            site.Sql, "customers", customer, "customer.deactivated.v1", $$"""{"customerId":"{{customer}}","reason":"later"}""");
        await using var afterwards = MixedLoad.Full(Clients, host.Url);
        await afterwards.RunAsync(SomeCommands);

        await Health.BlamesAsync(host.Url, "projection:orders.customers", "2 events are dead letters", SeenWithin);
        await Health.BlamesAsync(host.Url, "projection:orders.summaries", "customer.renamed.v1", SeenWithin);
        var unreadable = await UnreadableAsync(site, customer);
        await Eventually.HoldsAsync(SeenWithin, () => CheckpointsAsync(site, unreadable));
        (await DeadLettersAsync(site))
            .ShouldBe(
                [$"orders.customers {customer} customer.renamed.v1 True", $"orders.customers {customer} customer.deactivated.v1 False"]);
        var log = await WrittenLog.ReadAsync(site.Sql, "customers");
        var applied = CustomerState.Fold(log.Events.Where(logged => logged.Stream != customer || logged.Version < unreadable.Version));
        Table.ShouldBe(
            "orders_read.customers",
            await Table.ReadAsync(site.Sql, "select customer_id, username, name, status from orders_read.customers"),
            applied.ToDictionary(c => c.Key, c => Table.Row(c.Value.Username, c.Value.Name, c.Value.Status)));
    }

    private static Guid[] Registered(Journal journal) =>
        [.. journal.Answered.Where(answer => answer.Command.Path == "customers").Select(answer => answer.Stream)];

    private static async Task<LoggedEvent> UnreadableAsync(Site site, Guid customer)
    {
        var log = await WrittenLog.ReadAsync(site.Sql, "customers");
        return log.Events.Single(logged => logged.Stream == customer && logged.Data.Contains("no id", StringComparison.Ordinal));
    }

    private static async Task<List<string>> DeadLettersAsync(Site site)
    {
        await using var command = site.Sql.CreateCommand(
            "select concat_ws(' ', projection, key, type, case when reason is null then 'False' else 'True' end) from "
                + "orders_read.dead_letters order by sequence");
        await using var row = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await row.ReadAsync())
            found.Add(row.GetString(0));
        return found;
    }

    // The projection keyed by customer continues. The other cannot find the key, so its checkpoint stays at the event. All other
    // checkpoints are at the head.
    private static async Task<string?> CheckpointsAsync(Site site, LoggedEvent unreadable)
    {
        await using var wrong = site.Sql.CreateCommand(
            """
            select c.projection || ' is at ' || c.next_offset || ' of ' || c.log || '[' || c.partition || '], the log at ' || l.next_offset
            from orders_read.checkpoints c
            join (select 'customers.events' as log, * from customers.partitions union all select 'orders.events', * from orders.partitions) l on l.log = c.log and l.partition = c.partition
            where c.next_offset <> case when c.projection = 'orders.summaries' and c.log = 'customers.events' and c.partition = $1 then $2 else l.next_offset end limit 1
            """);
        wrong.Parameters.Add(new() { Value = unreadable.Partition });
        wrong.Parameters.Add(new() { Value = unreadable.Offset });
        return await wrong.ExecuteScalarAsync() as string;
    }
}
