using System.Diagnostics;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class KafkaOutageTests(Servers servers)
{
    private const int Clients = 4;
    private const int SomeCommands = 1_000;
    private const int BrokerKills = 10;

    private static readonly TimeSpan BlamedWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromSeconds(60);

    /// <summary>Longer than any client's timeout. The short form is only longer than the session timeouts.</summary>
    private static readonly TimeSpan Outage = TestScale.IsLong ? TimeSpan.FromMinutes(2) : TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Host_starts_without_Kafka_and_delivers_when_Kafka_comes()
    {
        using var folder = new TemporaryFolder();
        await using var kafka = await Servers.StartKafkaAsync(folder.Below("kafka"));
        kafka.Kill();
        await using var site = new Site(await servers.NewDatabaseAsync(), kafka.BootstrapServers);
        var host = await site.StartHostAsync();
        await Health.BlamesAsync(host.Url, "kafka", kafka.BootstrapServers, BlamedWithin);
        await using var load = new MixedLoad(Clients, host.Url);
        await load.RunAsync(TestScale.Of(SomeCommands));
        load.Journal.Unknown.ShouldBeEmpty();

        await kafka.RestartAsync();

        await Health.BecomesHealthyAsync(host.Url, HealthyWithin);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
    }

    [Fact]
    public async Task Commands_succeed_during_Kafka_outage_and_events_follow_later()
    {
        using var folder = new TemporaryFolder();
        await using var kafka = await Servers.StartKafkaAsync(folder.Below("kafka"));
        await using var site = new Site(await servers.NewDatabaseAsync(), kafka.BootstrapServers);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        load.Start();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));

        kafka.Kill();
        await Health.BlamesAsync(host.Url, "kafka", kafka.BootstrapServers, BlamedWithin);
        var away = Stopwatch.StartNew();
        while (away.Elapsed < Outage)
            await load.AnsweredAsync(Clients);
        await kafka.RestartAsync();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        await load.StopAsync();

        load.Journal.Unknown.ShouldBeEmpty();
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, HealthyWithin);
    }

    [Fact]
    public async Task Repeated_broker_kills_lose_no_events()
    {
        using var folder = new TemporaryFolder();
        await using var kafka = await Servers.StartKafkaAsync(folder.Below("kafka"));
        await using var site = new Site(await servers.NewDatabaseAsync(), kafka.BootstrapServers);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        load.Start();

        for (var kill = 0; kill < TestScale.Of(BrokerKills); kill++)
        {
            await load.AnsweredAsync(load.Random.Next(1, SomeCommands));
            kafka.Kill();
            await kafka.RestartAsync();
        }

        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        await load.StopAsync();
        load.Journal.Unknown.ShouldBeEmpty();
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, HealthyWithin);
    }
}
