using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class RestoredBackupTests(Servers servers)
{
    private const int Clients = 4;
    private const int SomeCommands = 400;
    private const int LostEvents = 3;
    private const string Restored = "restored from a backup";

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Truncated_log_is_refused_and_no_new_event_is_skipped(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var last = await FilledAndStoppedAsync(site);
        await RestoredLog.RemoveTailAsync(site, last.Partition, last.Offset - LostEvents + 1);

        var host = await site.StartHostAsync();

        await ShouldRefuseAsync(site, host.Url);
        // The log grows past its old head, with other events than those that were applied.
        var checkpoints = await CheckpointsAsync(site, last.Partition);
        var before = await RowOfAsync(site, last.Stream);
        for (var i = 0; i < LostEvents + 2; i++)
            await LoggedByHand.AppendAsync(
                site.Sql,
                "customers",
                last.Stream,
                "customer.renamed.v1",
                $$"""{"customerId":"{{last.Stream}}","firstName":"After","lastName":"{{i}}"}""");
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        await ShouldRefuseAsync(site, host.Url);
        (await CheckpointsAsync(site, last.Partition)).ShouldBe(checkpoints);
        (await RowOfAsync(site, last.Stream)).ShouldBe(before);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Log_with_same_length_but_other_events_is_refused(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var last = await FilledAndStoppedAsync(site);
        await RestoredLog.ChangeAsync(
            site,
            $"""update customers.events set event_id = gen_random_uuid() where partition = {last.Partition} and "offset" = {last.Offset}""");

        var host = await site.StartHostAsync();

        await ShouldRefuseAsync(site, host.Url);
        var checkpoints = await CheckpointsAsync(site, last.Partition);
        await LoggedByHand.AppendAsync(
            site.Sql, "customers", last.Stream, "customer.deactivated.v1", $$"""{"customerId":"{{last.Stream}}","reason":"too late"}""");
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        await ShouldRefuseAsync(site, host.Url);
        (await CheckpointsAsync(site, last.Partition)).ShouldBe(checkpoints);
    }

    /// <summary>The last event of a partition with enough events, in an idle site.</summary>
    private static async Task<LoggedEvent> FilledAndStoppedAsync(Site site)
    {
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await host.Process.TerminateAsync();
        await host.Process.ExitAsync(StopWithin);
        var log = await WrittenLog.ReadAsync(site.Sql, "customers");
        return log.Events.Where(logged => logged.Offset == log.Counters[logged.Partition] - 1)
            .First(logged => logged.Offset > LostEvents && FirstOfStreamStays(log, logged));
    }

    private static bool FirstOfStreamStays(WrittenLog log, LoggedEvent last) =>
        log.Events.First(logged => logged.Stream == last.Stream).Offset <= last.Offset - LostEvents;

    // A relay refuses the log on Kafka. On the in-process transport the readers check the log.
    private static async Task ShouldRefuseAsync(Site site, Uri host)
    {
        if (site.HasKafka)
        {
            await Health.BlamesAsync(host, "relay:customers.events", Restored, SeenWithin);
            return;
        }

        await Health.BlamesAsync(host, "projection:orders.customers", Restored, SeenWithin);
        await Health.BlamesAsync(host, "projection:orders.summaries", Restored, SeenWithin);
    }

    private static async Task<long[]> CheckpointsAsync(Site site, int partition)
    {
        await using var select = site.Sql.CreateCommand(
            "select array_agg(next_offset order by projection) from orders_read.checkpoints where log = 'customers.events' and "
                + "partition = $1");
        select.Parameters.Add(new() { Value = partition });
        return (long[])(await select.ExecuteScalarAsync())!;
    }

    private static async Task<string> RowOfAsync(Site site, Guid customer) =>
        (await Table.ReadAsync(site.Sql, "select customer_id, username, name, status from orders_read.customers"))[customer];
}
