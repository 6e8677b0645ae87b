using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.System.Tests.LocalStores;

/// <summary>A database backup contains no local indexes and files. After a restore they are ahead of the log.</summary>
[Trait("Category", "System")]
public sealed class RestoredCopiesTests(Servers servers)
{
    private const int Kept = 3;
    private const int Lost = 3;
    private const string Restored = "restored from a backup";

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(40);

    /// <summary>The copies that were built from the log before its truncation.</summary>
    private static readonly string[] Ahead = [Copy.SearchCustomers, Copy.AnalyticsCustomers];

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Copies_ahead_of_log_are_refused_until_rebuilt_or_removed(Transport transport)
    {
        await using var site = await Site.OpenWholeAsync(servers, transport);
        var host = await site.StartHostAsync();
        var customer = await new Shop(host.Url).RegisterAsync();
        await RenameAsync(host, customer, "Kept", Kept);
        await RenameAsync(host, customer, "Lost", Lost);
        await new Copy(host.Url).BecomesCurrentAsync();
        await host.StopAsync();
        var (partition, length) = await PartitionAndLengthOfAsync(site, customer);
        await RestoredLog.RemoveTailAsync(site, partition, length - Lost);

        host = await site.StartHostAsync();
        await ShouldRefuseAsync(host.Url);
        var copy = new Copy(host.Url);
        (await copy.FindAsync($"lost{Lost - 1}")).ShouldBe([customer], "a refused copy still serves its old rows");

        // The log grows past its old head, with other events than those that were applied.
        for (var i = 0; i < Lost + 2; i++)
            await LoggedByHand.AppendAsync(
                site.Sql,
                "customers",
                customer,
                "customer.renamed.v1",
                $$"""{"customerId":"{{customer}}","firstName":"Ada","lastName":"After{{i}}"}""");
        await new Shop(host.Url)
            .PostAsync("customers", """{"username":"newcomer","firstName":"New","lastName":"Comer","email":"a@example.org"}""");
        await ShouldRefuseAsync(host.Url);
        (await copy.FindAsync($"after{Lost + 1}")).ShouldBe([], "nothing of the new log is mixed with the old one");
        (await copy.FindAsync($"lost{Lost - 1}")).ShouldBe([customer]);

        await host.StopAsync();
        if (site.HasKafka)
            await new Topics(site.Kafka).DeleteAllAsync();
        await RemovePostgresStoresAsync(site);
        Directory.Delete(Path.Combine(site.StoresOf(host), Copy.AnalyticsCustomers), recursive: true);
        host = await site.StartHostAsync();
        copy = new Copy(host.Url);
        // The remaining copy is still refused, now because of the events that it reads.
        await Health.BlamesAsync(host.Url, $"projection:{Copy.SearchCustomers}", Restored, SeenWithin);
        (await copy.FindAsync($"lost{Lost - 1}")).ShouldBe([customer]);

        await copy.Operator.DoneAsync(copy.Operator.RebuildAsync(Copy.SearchCustomers));

        await copy.BecomesCurrentAsync();
        await Health.BecomesHealthyAsync(host.Url, SeenWithin);
        (await copy.FindAsync($"after{Lost + 1}")).ShouldBe([customer]);
        (await copy.FindAsync($"lost{Lost - 1}")).ShouldBe([]);
        await copy.ShouldMatchLogAsync();
    }

    private static async Task RenameAsync(HostProcess host, Guid customer, string name, int times)
    {
        using var client = new HttpClient { BaseAddress = host.Url };
        for (var i = 0; i < times; i++)
            (await client.PatchJson($"api/v1/customers/{customer}", $$"""{"lastName":"{{name}}{{i}}"}""")).Status.ShouldBe(200);
    }

    private static async Task ShouldRefuseAsync(Uri host)
    {
        foreach (var projection in Ahead)
            await Health.BlamesAsync(host, $"projection:{projection}", Restored, SeenWithin);
    }

    private static async Task<(int Partition, long Length)> PartitionAndLengthOfAsync(Site site, Guid customer)
    {
        var log = await WrittenLog.ReadAsync(site.Sql, "customers");
        var partition = log.Events.First(logged => logged.Stream == customer).Partition;
        return (partition, log.Counters[partition]);
    }

    private static async Task RemovePostgresStoresAsync(Site site)
    {
        await using var remove =
            site.Sql.CreateCommand("drop schema orders_read cascade; create schema orders_read authorization orders_app");
        await remove.ExecuteNonQueryAsync();
    }
}
