using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Npgsql;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class ReactorTests(Servers servers)
{
    private const int Rounds = 20;
    private const int Placers = 6;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Deactivation_cancels_placed_orders_once_across_a_restart(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var (ada, bob) = (await shop.RegisterAsync(), await shop.RegisterAsync());
        var (placed, paid, shipped, others) =
            (await shop.PlaceAsync(ada), await shop.PlaceAsync(ada), await shop.PlaceAsync(ada), await shop.PlaceAsync(bob));
        await shop.PostAsync($"orders/{paid}/pay", """{"reference":"r"}""");
        await shop.PostAsync($"orders/{shipped}/pay", """{"reference":"r"}""");
        await shop.PostAsync($"orders/{shipped}/ship", """{"carrier":"DHL","trackingNumber":"1"}""");

        await shop.PostAsync($"customers/{ada}/deactivate", """{"reason":"gone"}""");

        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        (await StatusesAsync(site.Sql, placed, paid, shipped, others)).ShouldBe(["cancelled", "paid", "shipped", "placed"]);
        await host.Process.KillAsync();
        // As after a crash right before the checkpoint: the reactor reads the deactivation again.
        await ExecuteAsync(site.Sql, """
            update orders_read.reactor_checkpoints c set next_offset = e."offset", last_event_id = (select event_id from customers.events b where b.partition = e.partition and b."offset" = e."offset" - 1), source = null
            from customers.events e where e.type = 'customer.deactivated.v1' and c.partition = e.partition
            """);
        var again = await site.StartHostAsync();

        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        await ShouldHoldAsync(site, cancelled: 1);
        await Health.BecomesHealthyAsync(again.Url, Timeout);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task No_placed_order_follows_a_deactivation_under_load(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var shop = new Shop((await site.StartHostAsync()).Url);
        for (var round = 0; round < TestScale.Of(Rounds * 5); round++)
        {
            var customer = await shop.RegisterAsync();
            await shop.PlaceAsync(customer);
            using var stop = new CancellationTokenSource();
            var placing =
                Enumerable.Range(0, Placers).Select(_ => Task.Run(() => shop.PlaceUntilRefusedAsync(customer, stop.Token))).ToArray();
            await shop.PostAsync($"customers/{customer}/deactivate", """{"reason":"gone"}""");
            stop.CancelAfter(Timeout);
            await Task.WhenAll(placing);
        }

        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        await ShouldHoldAsync(site, cancelled: null);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task New_reactor_ignores_earlier_events(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var (early, late) = (await shop.RegisterAsync(), await shop.RegisterAsync());
        var (before, after) = (await shop.PlaceAsync(early), await shop.PlaceAsync(late));
        await host.Process.KillAsync();
        // A history from before there were reactors: the deactivation is in the log without a reaction.
        await ExecuteAsync(site.Sql, "drop table orders_read.reactor_checkpoints");
        await LoggedByHand.AppendAsync(
            site.Sql, "customers", early, "customer.deactivated.v1", $$"""{"customerId":"{{early}}","reason":"long ago"}""");

        var again = await site.StartHostAsync();
        await new Shop(again.Url).PostAsync($"customers/{late}/deactivate", """{"reason":"gone"}""");

        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        (await StatusesAsync(site.Sql, before, after)).ShouldBe(["placed", "cancelled"]);
        Reactions.ShouldFollow(await WrittenLog.ReadAsync(site.Sql, "customers"), await WrittenLog.ReadAsync(site.Sql, "orders"));
        await Health.BecomesHealthyAsync(again.Url, Timeout);
    }

    private static async Task ShouldHoldAsync(Site site, int? cancelled)
    {
        var (customers, orders) = (await WrittenLog.ReadAsync(site.Sql, "customers"), await WrittenLog.ReadAsync(site.Sql, "orders"));
        customers.ShouldBeDense();
        orders.ShouldBeDense();
        Reactions.ShouldFollow(customers, orders);
        Reactions.ShouldBeComplete(customers, orders);
        await ReadModels.ShouldEqualFoldsAsync(site.Sql, customers, orders);
        if (cancelled is { } expected)
            Reactions.Of(orders).Length.ShouldBe(expected);
        else
            Reactions.Of(orders).ShouldNotBeEmpty();
    }

    private static async Task<string[]> StatusesAsync(NpgsqlDataSource database, params Guid[] orders)
    {
        var statuses = new Dictionary<Guid, string>();
        await using var select = database.CreateCommand("select id, status from orders.orders");
        await using var row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
            statuses.Add(row.GetGuid(0), row.GetString(1));
        return [.. orders.Select(order => statuses[order])];
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
