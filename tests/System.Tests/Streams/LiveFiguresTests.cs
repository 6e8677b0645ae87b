using System.Diagnostics;
using System.Text.Json.Nodes;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing.Streams;

namespace Monolith.System.Tests.Streams;

[Trait("Category", "System")]
public sealed class LiveFiguresTests(Servers servers)
{
    private const string Path = "api/v1/analytics/live";
    private const int MaxPerSecond = 4;
    private const int Placers = 4;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Live_figures_show_the_last_hour_and_follow_orders(Transport transport)
    {
        await using var site = await Site.OpenWholeAsync(servers, transport);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var customer = await shop.RegisterAsync();
        for (var i = 0; i < 5; i++)
            await shop.PlaceAsync(customer);
        await host.StopAsync();
        host = await site.StartHostAsync();
        shop = new Shop(host.Url);
        using var timeout = new CancellationTokenSource(Timeout);
        using var client = await SseClient.OpenAsync(host.Url, Path);
        var figures = new Dictionary<(string, string), (long Orders, decimal Revenue)>();

        await UntilAsync(await PlacedAsync(site));
        using var stop = new CancellationTokenSource();
        var placing = Enumerable.Range(0, Placers).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await shop.PlaceAsync(customer);
        })).ToArray();
        var (since, messages) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(4))
        {
            await NextAsync();
            messages++;
        }

        await stop.CancelAsync();
        await Task.WhenAll(placing);
        messages.ShouldBeLessThanOrEqualTo((int)(Stopwatch.GetElapsedTime(since).TotalSeconds * MaxPerSecond) + 1);
        await UntilAsync(await PlacedAsync(site));

        async Task UntilAsync((long Orders, decimal Revenue) placed)
        {
            while ((figures.Values.Sum(row => row.Orders), figures.Values.Sum(row => row.Revenue)) != placed)
                await NextAsync();
        }

        async Task NextAsync()
        {
            var message = (await client.ReadAsync(timeout.Token)).ShouldNotBeNull();
            message.Type.ShouldBe("minutes");
            foreach (var row in JsonNode.Parse(message.Data)!["rows"]!.AsArray())
                figures[((string)row!["minute"]!, (string)row["currency"]!)] = ((long)row["orders"]!, (decimal)row["revenue"]!);
        }
    }

    private static async Task<(long Orders, decimal Revenue)> PlacedAsync(Site site)
    {
        await using var select = site.Sql.CreateCommand(
            "select count(*), coalesce(sum((data->>'amount')::numeric), 0) from orders.events where type = 'order.placed.v1'");
        await using var row = await select.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetDecimal(1));
    }
}
