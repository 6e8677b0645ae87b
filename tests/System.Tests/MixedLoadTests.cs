using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class MixedLoadTests(Servers servers)
{
    private const int Commands = 10_000;
    private const int Clients = 32;

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Log_views_and_topic_agree_after_concurrent_commands(Transport transport)
    {
        await using var site = await Site.OpenWholeAsync(servers, transport);
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(Clients, host.Url);

        await load.RunAsync(TestScale.Of(Commands));

        load.Journal.Unexpected.ShouldBeEmpty();
        load.Journal.Unknown.ShouldBeEmpty();
        load.Journal.Answered.Count.ShouldBeGreaterThan(TestScale.Of(Commands) / 2);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, TimeSpan.FromSeconds(10));
        if (transport == Transport.Kafka)
            await ForeignersAgreeOnPartitionsAsync(site);
    }

    private static async Task ForeignersAgreeOnPartitionsAsync(Site site)
    {
        var log = await WrittenLog.ReadAsync(site.Sql, "customers");
        await using var scratch = await ScratchTopic.CreateAsync(site.Kafka, log.Counters.Count);
        await MirroredTopic.Read(site.Kafka, log.Topic, log.Counters.Count)
            .ShouldBePartitionedAsForeignersDoAsync(site.Kafka, scratch.Name);
    }
}
