using Monolith.BuildingBlocks.LocalServers;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class PostgresOutageTests(Servers servers)
{
    private const int Clients = 8;
    private const int SomeCommands = 1_000;
    private const int Kills = 10;
    private const int Cuts = 5;

    private static readonly TimeSpan HealthyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Repeated_postmaster_kills_lose_and_duplicate_nothing(Transport transport)
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await PostgresCluster.StartAsync(new() { DataDirectory = folder.Below("postgres"), Durable = true });
        await using var site = new Site(postgres.ConnectionString, transport == Transport.Kafka ? await servers.KafkaAsync() : null);
        await site.MigrateAsync();
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        load.Start();

        for (var kill = 0; kill < TestScale.Of(Kills); kill++)
        {
            await load.AnsweredAsync(load.Random.Next(1, TestScale.Of(SomeCommands)));
            postgres.Kill();
            await postgres.RestartAsync();
        }

        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        await load.StopAsync();
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, HealthyWithin);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Unreliable_network_to_PostgreSQL_loses_nothing(Transport transport)
    {
        using var folder = new TemporaryFolder();
        var database = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        await using var network = await Toxiproxy.StartAsync(Required.Toxiproxy(), database.Port, folder.Path);
        database.Port = network.Port;
        await using var site = new Site(database.ConnectionString, transport == Transport.Kafka ? await servers.KafkaAsync() : null);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        load.Start();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));

        await network.SlowAsync(Latency, Latency / 2);
        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        for (var cut = 0; cut < TestScale.Of(Cuts); cut++)
        {
            var unknown = load.Journal.Unknown.Count;
            await network.CutAsync();
            await Eventually.HoldsAsync(HealthyWithin, "commands have failed", () => load.Journal.Unknown.Count > unknown);
            await network.MendAsync();
            await load.AnsweredAsync(TestScale.Of(SomeCommands));
        }

        await load.StopAsync();
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, HealthyWithin);
    }
}
