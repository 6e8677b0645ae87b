using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;
using Npgsql;

namespace Monolith.System.Tests.Verification;

/// <summary>Everything that must hold for an idle site, whatever faults occurred.</summary>
internal static class SystemInvariants
{
    private static readonly TimeSpan RestWithin = TimeSpan.FromSeconds(60);

    /// <summary>The partitions that are behind, with their owner epoch and last step: one alone rarely shows the cause.</summary>
    private const string Behind =
        """
        select string_agg(behind.what, E'\n') from (
            select p.projection || ' is at ' || coalesce(c.next_offset, 0) || ' of ' || l.next_offset || ' of ' || p.log || '[' || l.partition || '], generation ' || coalesce(g.number::text, 'none')
                || ', epoch ' || coalesce(c.epoch::text, 'none') || ', last step ' || coalesce(c.updated_at::text, 'never') as what
            from (values ('orders.customers', 'customers.events'), ('orders.summaries', 'customers.events'), ('orders.summaries', 'orders.events')) as p (projection, log)
            join (select 'customers.events' as log, * from customers.partitions union all select 'orders.events', * from orders.partitions) l on l.log = p.log
            left join orders_read.generations g on g.projection = p.projection and g.state = 'live'
            left join orders_read.checkpoints c on c.projection = p.projection and c.generation = g.number and c.log = p.log and c.partition = l.partition
            where coalesce(c.next_offset, 0) <> l.next_offset
            union all
            select r.reactor || ' is at ' || r.next_offset || ' of ' || l.next_offset || ' of ' || r.log || '[' || l.partition || '], epoch ' || r.epoch || ', last step ' || r.updated_at
            from orders_read.reactor_checkpoints r join customers.partitions l on l.partition = r.partition and r.log = 'customers.events'
            where r.next_offset <> l.next_offset
        ) behind
        """;

    /// <summary>Waits until the read side has applied all events, then checks everything.</summary>
    public static async Task ShouldHoldAsync(Site site, Journal journal, bool topicInOrder = true)
    {
        var (customers, orders) = await LogsAndViewsShouldHoldAsync(site, journal);
        foreach (var log in site.HasKafka ? [customers, orders] : Array.Empty<WrittenLog>())
            MirroredTopic.Read(site.Kafka, log.Topic, log.Counters.Count).ShouldMirror(log, topicInOrder);
    }

    /// <summary>The same, without the topics.</summary>
    public static async Task<(WrittenLog Customers, WrittenLog Orders)> LogsAndViewsShouldHoldAsync(Site site, Journal journal)
    {
        await CaughtUpAsync(site.Sql, RestWithin);
        var (customers, orders) = (await WrittenLog.ReadAsync(site.Sql, "customers"), await WrittenLog.ReadAsync(site.Sql, "orders"));
        customers.ShouldBeDense();
        orders.ShouldBeDense();
        Promises.ShouldBeKept(journal, customers, orders);
        Reactions.ShouldFollow(customers, orders);
        Reactions.ShouldBeComplete(customers, orders);
        await ReadModels.ShouldEqualFoldsAsync(site.Sql, customers, orders);
        return (customers, orders);
    }

    /// <summary>Waits until every projection and reactor has processed all events of the logs.</summary>
    public static Task CaughtUpAsync(NpgsqlDataSource database, TimeSpan within) => Eventually.HoldsAsync(within, async () =>
    {
        await using var behind = database.CreateCommand(Behind);
        return await behind.ExecuteScalarAsync() as string;
    });
}
