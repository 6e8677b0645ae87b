using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;
using Monolith.Testing.Streams;

namespace Monolith.System.Tests.Streams;

[Trait("Category", "System")]
public sealed class ReplacedTopicStreamTests(Servers servers)
{
    private const string Path = "api/v1/stream";
    private const int SomeEvents = 11;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Open_stream_gives_each_event_once_when_topics_are_replaced()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        using var stream = await SseClient.OpenAsync(host.Url, Path);
        var heard = new Heard();
        var topics = new Topics(site.Kafka);
        var shop = new Shop(host.Url);
        var customer = await shop.RegisterAsync();
        await HearAllAsync();

        foreach (var replaced in new[] { "customers.events", "orders.events", "orders.events" })
        {
            var before = await topics.IdOfAsync(replaced);
            await topics.DeleteAsync(replaced);
            for (var i = 0; i < SomeEvents; i++)
                await shop.PlaceAsync(customer);
            await HearAllAsync();
            await Eventually.HoldsAsync(
                Timeout, async () =>
                    await topics.IdOfAsync(replaced) is { } now && now != before ? null : $"{replaced} was not created again");
        }

        await heard.ShouldBeTheLogsAsync(site);

        async Task HearAllAsync()
        {
            using var timeout = new CancellationTokenSource(Timeout);
            while (heard.Count < await Heard.LoggedAsync(site))
                heard.Add((await stream.ReadAsync(timeout.Token))!);
        }
    }
}
