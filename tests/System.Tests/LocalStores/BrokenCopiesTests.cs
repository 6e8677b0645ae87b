using System.Net;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;

namespace Monolith.System.Tests.LocalStores;

/// <summary>A disk that returns other bytes than were written.</summary>
[Trait("Category", "System")]
public sealed class BrokenCopiesTests(Servers servers)
{
    private const int Clients = 4;
    private const int SomeCommands = 200;

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Corrupt_files_are_rebuilt_at_start_with_an_alarm()
    {
        await using var site = await Site.OpenWholeAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        var copy = new Copy(host.Url);
        await copy.BecomesCurrentAsync();
        // These wait for an operator when their files are corrupt, so that the test can check reports and answers meanwhile.
        foreach (var projection in (string[])[Copy.SearchOrders, Copy.AnalyticsOrders])
            (await copy.Operator.SendAsync(HttpMethod.Post, $"projections/{projection}/pause")).Status.ShouldBeInRange(200, 202);
        await host.StopAsync();
        foreach (var projection in Copy.Projections)
            Overwrite(Largest(Path.Combine(site.StoresOf(host), projection)));

        host = await site.StartHostAsync();

        copy = new Copy(host.Url);
        foreach (var projection in (string[])[Copy.SearchOrders, Copy.AnalyticsOrders])
            await Health.BecomesAsync(
                host.Url,
                SeenWithin,
                health =>
                    health.Code == HttpStatusCode.OK
                        && health.Checks[$"projection:{projection}"] is { Status: "degraded", Detail: var detail }
                        && detail.StartsWith("The rows were lost and are being rebuilt: ", StringComparison.Ordinal));
        foreach (var question in (string[])["search/orders?q=anna", "analytics/revenue?by=day", "analytics/funnel"])
            (await copy.AskAsync(question))
                .ShouldSatisfyAllConditions(
                    answer => answer.Status.ShouldBe(503, question), answer => answer.Slug.ShouldBe("read-model-building"));
        await ServesTheRestAsync(host.Url);

        foreach (var projection in (string[])[Copy.SearchOrders, Copy.AnalyticsOrders])
            (await copy.Operator.SendAsync(HttpMethod.Post, $"projections/{projection}/resume")).Status.ShouldBeInRange(200, 202);
        await copy.BecomesCurrentAsync();
        await Health.BecomesHealthyAsync(host.Url, SeenWithin);
        foreach (var projection in Copy.Projections)
        {
            var report = await copy.Operator.ReportAsync(projection);
            report.Live.ShouldBe(2, "it was rebuilt automatically");
            report.Of(1).State.ShouldBe("failed");
            report.Of(1).Reason.ShouldNotBeNull()
                .ShouldNotContain(site.StoresOf(host), Case.Sensitive, "the path of the files is not disclosed");
            host.Process.Lines.ShouldContain(
                line => line.Contains($"The rows of {projection} were lost", StringComparison.Ordinal), "an alarm in the log");
        }

        await copy.ShouldMatchLogAsync();
    }

    private static async Task ServesTheRestAsync(Uri host)
    {
        var shop = new Shop(host);
        await shop.PlaceAsync(await shop.RegisterAsync());
        await Eventually.HoldsAsync(
            SeenWithin,
            async () =>
                (await new Copy(host).AskAsync("search/customers?q=anna")) is { Status: 200 } ? null : "customers are not found yet");
    }

    private static string Largest(string folder) =>
        new DirectoryInfo(folder)
            .GetFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Extension is not (".json" or ".lock" or ".wal"))
            .MaxBy(file => file.Length)!.FullName;

    // From the start of the file: DuckDB detects damage further back only when it reads that part.
    private static void Overwrite(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes.AsSpan(0, bytes.Length / 2).Fill(0xA5);
        File.WriteAllBytes(file, bytes);
    }
}
