using System.Globalization;
using Monolith.System.Tests.Hosting;
using Monolith.Testing;

namespace Monolith.System.Tests.Rebuilds;

/// <summary>
/// What dropped generations must not leave behind: tables, views, checkpoints, dead letters, running operations, consumer groups.
/// </summary>
internal sealed class Leftovers
{
    private const string GroupPrefix = "monolith.orders.";

    private const string Sql =
        """
        with kept as (
            select projection, number, snapshot, state, operation, split_part(projection, '.', 2) as name from orders_read.generations
            where state in ('building', 'ready', 'live', 'retired', 'snapshot')
        )
        select 'the table ' || c.relname from pg_class c
            where c.relnamespace = 'orders_read'::regnamespace and c.relkind = 'r' and c.relname ~ '_g[0-9]+$'
                and not exists (select from kept where c.relname = name || '_g' || number)
        union all
        select 'the view ' || c.relname from pg_class c
            where c.relnamespace = 'orders_read'::regnamespace and c.relkind = 'v' and c.relname ~ '_at_'
                and not exists (select from kept where c.relname = name || '_at_' || snapshot)
        union all
        select 'a checkpoint of ' || projection || ' generation ' || generation from orders_read.checkpoints c
            where not exists (select from kept k where k.projection = c.projection and k.number = c.generation)
        union all
        select 'a dead letter of ' || projection || ' generation ' || generation from orders_read.dead_letters d
            where not exists (select from kept k where k.projection = d.projection and k.number = d.generation)
        union all
        select 'the running operation ' || kind || ' of ' || projection || ' generation ' || coalesce(generation, 0) from orders_read.operations o
            where state = 'running' and not exists (select from kept k where k.projection = o.projection and k.number = o.generation and k.operation = o.id)
        limit 1
        """;

    private readonly Site site;
    private readonly HashSet<string> groupsBefore;

    private Leftovers(Site site, HashSet<string> groupsBefore)
    {
        this.site = site;
        this.groupsBefore = groupsBefore;
    }

    /// <summary>Records the state before the first host starts: the broker is shared with other tests.</summary>
    public static async Task<Leftovers> OfAsync(Site site) =>
        new(site, site.HasKafka ? [.. await new Topics(site.Kafka).GroupsAsync()] : []);

    /// <summary>Waits until nothing is left of dropped generations.</summary>
    public Task ShouldBeGoneAsync(TimeSpan within) => Eventually.HoldsAsync(within, async () =>
    {
        await using var select = site.Sql.CreateCommand(Sql);
        return await select.ExecuteScalarAsync() is string left ? $"{left} is left" : await GroupLeftAsync();
    });

    private async Task<string?> GroupLeftAsync()
    {
        if (!site.HasKafka)
            return null;
        var kept = new HashSet<string>();
        await using (
            var select = site.Sql.CreateCommand(
                "select projection, number from orders_read.generations where state in ('building', 'ready', 'live', 'retired', "
                    + "'snapshot')"))
        await using (var row = await select.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
                kept.Add(string.Create(CultureInfo.InvariantCulture, $"monolith.{row.GetString(0)}.g{row.GetInt32(1)}"));
        }

        var left = (await new Topics(site.Kafka).GroupsAsync())
            .FirstOrDefault(
                group => group.StartsWith(GroupPrefix, StringComparison.Ordinal) && !kept.Contains(group) && !groupsBefore.Contains(group));
        return left is null ? null : $"the consumer group {left} is left";
    }
}
