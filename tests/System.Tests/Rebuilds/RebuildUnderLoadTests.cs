using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests.Rebuilds;

[Trait("Category", "System")]
public sealed class RebuildUnderLoadTests(Servers servers)
{
    private const int Clients = 4;
    private const int Counted = 6;
    private const int Flips = 50;

    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LoadFor = TimeSpan.FromSeconds(TestScale.Of(60));

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Rebuilds_under_load_fail_no_read_and_never_go_back(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var leftovers = await Leftovers.OfAsync(site);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        await using var counted = await CountedCustomers.RegisterAsync(host.Url, Counted, load.Journal, load.Random);
        var operators = new Operator(host.Url);
        load.Start();
        counted.Start();

        using var loadIsOver = new CancellationTokenSource(LoadFor);
        while (!loadIsOver.IsCancellationRequested)
            await Task.WhenAll(Projections.All.Select(projection => ReplaceAsync(operators, projection)));

        await counted.StopAsync();
        await load.StopAsync();
        counted.ShouldBeFlawless();
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await leftovers.ShouldBeGoneAsync(GoneWithin);
        await Health.BecomesHealthyAsync(host.Url, GoneWithin);
    }

    [Fact]
    public async Task Alternating_rollback_and_promotion_under_load_fails_no_read()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        await using var counted = await CountedCustomers.RegisterAsync(host.Url, Counted, load.Journal, load.Random);
        var operators = new Operator(host.Url);
        load.Start();
        counted.Start();
        foreach (var projection in Projections.All)
            await operators.DoneAsync(operators.RebuildAsync(projection));

        for (var flip = 0; flip < TestScale.Of(Flips); flip++)
        {
            var back = flip % 2 == 0;
            await Task.WhenAll(Projections.All.Select(async projection =>
            {
                await operators.DoneAsync(back ? operators.RollbackAsync(projection) : operators.PromoteAsync(projection, 2));
                (await operators.ReportAsync(projection)).Live.ShouldBe(back ? 1 : 2);
            }));
        }

        await counted.StopAsync();
        await load.StopAsync();
        counted.ShouldBeFlawless();
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, GoneWithin);
    }

    /// <summary>Rebuilds, and drops the generation that was live before.</summary>
    private static async Task ReplaceAsync(Operator operators, string projection)
    {
        var rebuilt = await operators.DoneAsync(operators.RebuildAsync(projection));
        var report = await operators.ReportAsync(projection);
        report.Live.ShouldBe(rebuilt.Generation);
        var old = report.Retired.ShouldHaveSingleItem();
        await operators.DoneAsync(operators.DropAsync(projection, old.Number));
    }
}
