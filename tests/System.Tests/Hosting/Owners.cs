using Monolith.Testing;

namespace Monolith.System.Tests.Hosting;

/// <summary>The owners of partitions: leases of the relays, consumer groups of the projections.</summary>
internal sealed class Owners(Site site)
{
    private static readonly (string Group, int Logs)[] Groups = [("monolith.orders.customers.g1", 1), ("monolith.orders.summaries.g1", 2)];
    private static readonly string[] Modules = ["customers", "orders"];

    private readonly Topics topics = new(site.Kafka);

    /// <summary>Waits until each partition has an owner and the hosts have even shares.</summary>
    public Task ShouldShareAsync(int hosts, int partitions, TimeSpan within) => Eventually.HoldsAsync(within, async () =>
    {
        foreach (var module in Modules)
        {
            var parts = await LeasesAsync(module);
            if (!IsFair(parts, hosts, partitions))
                return $"the relays of {module} hold {string.Join(" + ", parts)} partitions";
        }

        foreach (var (group, logs) in Groups)
        {
            var parts = await topics.MembersAsync(group);
            if (!IsFair(parts, hosts, partitions * logs))
                return $"the members of {group} have {string.Join(" + ", parts)} partitions";
        }

        return null;
    });

    private static bool IsFair(IReadOnlyList<int> parts, int hosts, int partitions) =>
        parts.Count == hosts && parts.Sum() == partitions && parts.Max() - parts.Min() <= 1;

    private async Task<IReadOnlyList<int>> LeasesAsync(string module)
    {
        var parts = new List<int>();
        await using var select =
            site.Sql.CreateCommand($"select count(*)::int from {module}.relay_leases where expires_at > now() group by member");
        await using var row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
            parts.Add(row.GetInt32(0));
        return parts;
    }
}
