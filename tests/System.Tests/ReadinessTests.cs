using Monolith.BuildingBlocks.LocalServers;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests;

/// <summary>
/// A host that cannot do its work is unhealthy within ten seconds, and healthy again when the fault is over.
/// </summary>
[Trait("Category", "System")]
public sealed class ReadinessTests(Servers servers)
{
    private const int Clients = 4;
    private const int SomeCommands = 100;
    private const int Attempts = 3;

    private static readonly TimeSpan RedWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GreenWithin = TimeSpan.FromSeconds(60);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task PostgreSQL_kill_is_reported_and_recovers(Transport transport)
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await PostgresCluster.StartAsync(new() { DataDirectory = folder.Below("postgres"), Durable = true });
        await using var site = new Site(postgres.ConnectionString, transport == Transport.Kafka ? await servers.KafkaAsync() : null);
        await site.MigrateAsync();
        var (host, _) = await StartAsync(site);

        postgres.Kill();
        await TurnsRedAsync(host, "postgres:customers", "does not answer");

        await postgres.RestartAsync();
        await TurnsGreenAsync(host);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Unresponsive_PostgreSQL_is_reported_and_recovers(Transport transport)
    {
        using var folder = new TemporaryFolder();
        var database = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        await using var network = await Toxiproxy.StartAsync(Required.Toxiproxy(), database.Port, folder.Path);
        database.Port = network.Port;
        await using var site = new Site(database.ConnectionString, transport == Transport.Kafka ? await servers.KafkaAsync() : null);
        var (host, _) = await StartAsync(site);

        await network.SilenceAsync();
        await TurnsRedAsync(host, "postgres:customers", "does not answer");

        await network.SpeakAsync();
        await TurnsGreenAsync(host);
    }

    [Fact]
    public async Task Kafka_kill_is_reported_and_recovers()
    {
        using var folder = new TemporaryFolder();
        await using var kafka = await Servers.StartKafkaAsync(folder.Below("kafka"));
        await using var site = new Site(await servers.NewDatabaseAsync(), kafka.BootstrapServers);
        var (host, _) = await StartAsync(site);

        kafka.Kill();
        await TurnsRedAsync(host, "kafka", kafka.BootstrapServers);

        await kafka.RestartAsync();
        await TurnsGreenAsync(host);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Projection_stalls_when_its_rows_cannot_be_written(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var (host, customer) = await StartAsync(site);
        await using (await TableHeld.TakeAsync(site, "orders_read.customers_g1"))
        {
            await customer.RenameAsync("Kept waiting");
            await TurnsRedAsync(host, "projection:orders.customers", "A batch has been in work for");
        }

        await TurnsGreenAsync(host);
    }

    [Fact]
    public async Task Projection_stalls_without_an_error()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var (host, customer) = await StartAsync(site);
        // The reader sees no more rows of the log and gets no error.
        await ExecuteAsync(
            site,
            "create policy writers on customers.events to customers_app using (true) with check (true); alter table customers.events "
                + "enable row level security");
        await customer.RenameAsync("Unseen");
        // The message differs after the partition is acquired again.
        await TurnsRedAsync(host, "projection:orders.customers", "customers.events[");

        await ExecuteAsync(site, "alter table customers.events disable row level security");
        await TurnsGreenAsync(host);
    }

    [Fact]
    public async Task Projection_stops_at_an_unreadable_event()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var (host, _) = await StartAsync(site);
        var customer = (await WrittenLog.ReadAsync(site.Sql, "customers")).Events[0].Stream;
        // Only a superuser can change an event. It stands for any cause that stops a partition temporarily.
        await LoggedByHand.AppendAsync(site.Sql, "customers", customer, "customer.renamed.v1", """{"customerId":"no id"}""");
        await TurnsRedAsync(host, "projection:orders.summaries", "customer.renamed.v1");

        await ExecuteAsync(
            site,
            $$"""set session_replication_role = replica; update customers.events set data = '{"customerId":"{{customer}}","firstName":"A","lastName":"B"}' where data::text like '%no id%'; reset session_replication_role""");
        await Health.BecomesAsync(host.Url, GreenWithin, health => health.Checks["projection:orders.summaries"].Status == "healthy");
    }

    [Fact]
    public async Task Relay_stalls_when_Kafka_acknowledges_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var kafka = await Servers.StartKafkaAsync(folder.Below("kafka"));
        await using var site = new Site(await servers.NewDatabaseAsync(), kafka.BootstrapServers);
        var (host, customer) = await StartAsync(site);

        await ChildProcess.SignalAsync(kafka.ProcessId, "STOP");
        await customer.RenameAsync("Not acknowledged");
        await TurnsRedAsync(host, "kafka", kafka.BootstrapServers);
        // The other check waits for Kafka too, so an answer takes at least two seconds.
        await Health.BlamesAsync(host.Url, "relay:customers.events", "Kafka has acknowledged nothing", GreenWithin);

        await ChildProcess.SignalAsync(kafka.ProcessId, "CONT");
        await TurnsGreenAsync(host);
    }

    [Theory, InlineData("customers.relay_leases"), InlineData("customers.partitions")]
    public async Task Relay_is_unhealthy_while_its_tables_are_locked(string table)
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var (host, _) = await StartAsync(site);
        await using (await TableHeld.TakeAsync(site, table))
        {
            await TurnsRedAsync(host, "relay:customers.events", "lock timeout");
            // Retries must not turn the check healthy.
            var attempts = new HashSet<DateTime>();
            while (attempts.Count < Attempts)
            {
                (await Health.OfAsync(host.Url)).Checks["relay:customers.events"].Status.ShouldBe("unhealthy");
                attempts.UnionWith(await WaitingSinceAsync(site));
            }
        }

        await TurnsGreenAsync(host);
    }

    /// <summary>A host that is ready and has processed commands, and one of its customers.</summary>
    private static async Task<(HostProcess Host, OneCustomer Customer)> StartAsync(Site site)
    {
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        await Health.BecomesHealthyAsync(host.Url, GreenWithin);
        return (host, new OneCustomer(host.Url, load.Journal.Answered.First(answer => answer.Command.Path == "customers").Stream));
    }

    // The response itself must arrive within this time too.
    private static Task TurnsRedAsync(HostProcess host, string check, string words) =>
        Health.BlamesAsync(host.Url, check, words, RedWithin).WaitAsync(RedWithin);

    private static Task TurnsGreenAsync(HostProcess host) => Health.BecomesHealthyAsync(host.Url, GreenWithin);

    /// <summary>The start times of the statements that wait for a lock.</summary>
    private static async Task<IReadOnlyList<DateTime>> WaitingSinceAsync(Site site)
    {
        var since = new List<DateTime>();
        await using var select = site.Sql.CreateCommand(
            "select query_start from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()");
        await using var row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
            since.Add(row.GetDateTime(0));
        return since;
    }

    private static async Task ExecuteAsync(Site site, string sql)
    {
        await using var command = site.Sql.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
