using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class HostKillTests(Servers servers)
{
    private const int Kills = 20;
    private const int Clients = 8;
    private const int MaxCommandsBetweenKills = 400;

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Repeated_host_kills_lose_and_duplicate_nothing(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        load.Start();

        for (var kill = 0; kill < TestScale.Of(Kills); kill++)
        {
            await load.AnsweredAsync(load.Random.Next(1, MaxCommandsBetweenKills));
            await host.Process.KillAsync();
            host = await site.StartHostAsync(host.Url);
        }

        await load.AnsweredAsync(MaxCommandsBetweenKills);
        await load.StopAsync();
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, TimeSpan.FromSeconds(20));
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Graceful_shutdown_under_load_is_timely_and_loses_nothing(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        load.Start();
        await load.AnsweredAsync(MaxCommandsBetweenKills);

        await host.Process.TerminateAsync();
        var status = await host.Process.ExitAsync(StopWithin);

        status.ShouldBe(0, host.Process.Tail(10));
        await load.StopAsync();
        load.Journal.Unexpected.ShouldBeEmpty();
        await site.StartHostAsync(host.Url);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
    }
}
