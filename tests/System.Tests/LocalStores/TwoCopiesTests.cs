using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;

namespace Monolith.System.Tests.LocalStores;

/// <summary>Two processes on Kafka, each with its own Lucene index and DuckDB files.</summary>
[Trait("Category", "System")]
public sealed class TwoCopiesTests(Servers servers)
{
    private const int Clients = 4;
    private const int SomeCommands = 200;
    private const int LogsOfAProjection = 1;
    private const int Partitions = 32;

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Copies_rebuild_independently_and_resume_from_files_after_kill()
    {
        await using var site = await Site.OpenWholeAsync(servers, Transport.Kafka);
        var (first, second) = (await site.StartHostAsync(), await site.StartHostAsync());
        var (here, there) = (new Copy(first.Url), new Copy(second.Url));
        await using var load = new MixedLoad(Clients, first.Url, second.Url);
        await load.RunAsync(SomeCommands);
        await here.ShouldBeLikeAsync(there);
        await EachFollowsAllPartitionsAsync(site, "search.customers.g1");
        await EachFollowsAllPartitionsAsync(site, "analytics.orders.g1");

        await using (var reads = new UnfailingReads(first.Url, second.Url))
        {
            load.Start();
            await RebuildByHandAsync(here, there, Copy.SearchCustomers);
            await RebuildByHandAsync(there, here, Copy.AnalyticsOrders);
            await load.StopAsync();
            await reads.ShouldNotHaveFailedAsync();
        }

        await here.ShouldBeLikeAsync(there);
        await GoesOnFromItsFilesAsync(site, first.Process.KillAsync, second.Url, here);
        await there.ShouldMatchLogAsync();
    }

    /// <summary>A generation that waits in one process is unknown to the other process, which serves its own generation.</summary>
    private static async Task RebuildByHandAsync(Copy rebuilt, Copy other, string projection)
    {
        var waiting = await rebuilt.Operator.DoneAsync(rebuilt.Operator.RebuildAsync(projection, """{"promote":"manual"}"""));
        waiting.Generation.ShouldBe(2);
        (await rebuilt.Operator.ReportAsync(projection)).Of(2).State.ShouldBe("ready");
        await rebuilt.Operator.DoneAsync(rebuilt.Operator.PromoteAsync(projection, 2));

        (await rebuilt.Operator.ReportAsync(projection)).Live.ShouldBe(2);
        (await other.Operator.ReportAsync(projection)).Generations.ShouldHaveSingleItem().State.ShouldBe("live");
        (await rebuilt.Operator.SendAsync(HttpMethod.Get, "actions")).Text.ShouldContain(projection);
        (await other.Operator.SendAsync(HttpMethod.Get, "actions")).Text.ShouldNotContain(projection);
    }

    /// <summary>The first answers come from the files. Nothing is rebuilt, and the missed events are applied.</summary>
    private static async Task GoesOnFromItsFilesAsync(Site site, Func<Task> killAsync, Uri survivor, Copy killed)
    {
        var before = await Task.WhenAll(Copy.Projections.Select(killed.Operator.ReportAsync));
        await using var load = new MixedLoad(Clients, survivor);
        load.Start();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        await killAsync();
        await load.AnsweredAsync(TestScale.Of(SomeCommands));
        await load.StopAsync();

        var again = await site.StartHostAsync();
        var copy = new Copy(again.Url);
        foreach (var question in Copy.Questions)
            (await copy.AskAsync(question)).Status.ShouldBe(200, question);
        await copy.ShouldBeLikeAsync(new Copy(survivor));
        var after = await Task.WhenAll(Copy.Projections.Select(copy.Operator.ReportAsync));
        after.Select(Generations).ShouldBe(before.Select(Generations));
        await Health.BecomesHealthyAsync(again.Url, SeenWithin);
        await copy.ShouldMatchLogAsync();
    }

    private static string Generations(Rebuilds.Report report) =>
        $"{report.Name}: " + string.Join(
            ", ", report.Generations.Select(generation => $"g{generation.Number} {generation.State} {generation.StartedAt:O}"));

    /// <summary>Each copy has one group, with one member that has all partitions.</summary>
    private static Task EachFollowsAllPartitionsAsync(Site site, string generation) => Eventually.HoldsAsync(SeenWithin, async () =>
    {
        var topics = new Topics(site.Kafka);
        var groups =
            (await topics.GroupsAsync()).Where(group => group.StartsWith($"monolith.{generation}.", StringComparison.Ordinal)).ToArray();
        // An earlier test may have left an empty group on this broker.
        var members = (await Task.WhenAll(groups.Select(topics.MembersAsync))).Where(parts => parts.Count > 0).ToArray();
        return members.Length == 2 && members.All(parts => parts is [LogsOfAProjection * Partitions])
            ? null
            : $"{string.Join(", ", groups)}: {string.Join("; ", members.Select(parts => string.Join(" + ", parts)))}";
    });
}
