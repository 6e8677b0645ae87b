using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class TopicReplacedTests(Servers servers)
{
    private const int Clients = 8;
    private const int SomeCommands = 2_000;

    private static readonly TimeSpan FilledWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Topics_deleted_under_load_are_recreated_and_refilled()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        load.Start();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));

        await new Topics(site.Kafka).DeleteAsync();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        await load.StopAsync();

        await Eventually.HoldsAsync(FilledWithin, async () =>
        {
            // The checkpoints of the readers are past all of it. Only the topic itself shows when it is complete again.
            await SystemInvariants.ShouldHoldAsync(site, load.Journal, topicInOrder: false);
            return null;
        });
        await Health.BecomesHealthyAsync(host.Url, FilledWithin);
        await using var afterwards = new MixedLoad(Clients, host.Url);
        await afterwards.RunAsync(TestScale.Of(SomeCommands));
        load.Journal.Add(afterwards.Journal);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal, topicInOrder: false);
    }
}
