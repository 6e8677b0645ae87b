using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class TwoHostsTests(Servers servers)
{
    private const int Clients = 8;
    private const int SomeCommands = 1_500;
    private const int Partitions = 32;

    private static readonly TimeSpan SharedWithin = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan CaughtUpWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ServedWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan OwnedWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Work_is_shared_and_fails_over_between_two_hosts()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var (first, second) = (await site.StartHostAsync(), await site.StartHostAsync());
        await using var load = new MixedLoad(Clients, first.Url, second.Url);
        load.Start();
        var owners = new Owners(site);
        await owners.ShouldShareAsync(hosts: 2, Partitions, SharedWithin);
        await load.AnsweredAsync(TestScale.Of(SomeCommands));

        await first.Process.KillAsync();
        await load.StopAsync();

        await SystemInvariants.CaughtUpAsync(site.Sql, CaughtUpWithin);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await owners.ShouldShareAsync(hosts: 1, Partitions, SharedWithin);
        await Health.BecomesHealthyAsync(second.Url, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Frozen_host_blocks_no_other_host_and_changes_nothing_later()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var (frozen, other) = (await site.StartHostAsync(), await site.StartHostAsync());
        var owners = new Owners(site);
        await owners.ShouldShareAsync(hosts: 2, Partitions, SharedWithin);
        await using var load = new MixedLoad(Clients, frozen.Url, other.Url);
        await using var onOther = new MixedLoad(Clients, other.Url);
        load.Start();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));

        await frozen.Process.FreezeAsync();
        onOther.Start();
        await onOther.AnsweredAsync(Clients, ServedWithin);
        await owners.ShouldShareAsync(hosts: 1, Partitions, OwnedWithin);
        await onOther.AnsweredAsync(TestScale.Of(SomeCommands));
        await frozen.Process.ThawAsync();

        await owners.ShouldShareAsync(hosts: 2, Partitions, OwnedWithin);
        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        await Task.WhenAll(load.StopAsync(), onOther.StopAsync());
        load.Journal.Add(onOther.Journal);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(frozen.Url, TimeSpan.FromSeconds(20));
        await Health.BecomesHealthyAsync(other.Url, TimeSpan.FromSeconds(20));
    }
}
