using System.Diagnostics;
using System.Text.Json.Nodes;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Oracles;
using Monolith.System.Tests.Sites;
using Monolith.Testing;
using Monolith.Testing.Streams;

namespace Monolith.System.Tests.Streams;

[Trait("Category", "System")]
public sealed class StreamTests(Servers servers)
{
    private const string Path = "api/v1/stream";
    private const int Clients = 4;
    private const int Listeners = 6;
    private const int SomeCommands = 2_500;
    private const int ManyListeners = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CurrentWithin = TimeSpan.FromSeconds(10);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task An_event_comes_with_its_envelope_and_only_to_those_who_asked_for_it(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var (ada, bob) = (await shop.RegisterAsync(), await shop.RegisterAsync());
        using var patience = new CancellationTokenSource(Patience);
        await Truth.CaughtUpAsync(site.Sql, Patience);
        using var all = await SseClient.OpenAsync(host.Url, Path);
        using var ofAda = await SseClient.OpenAsync(host.Url, $"{Path}?customerId={ada}");
        using var cancellations = await SseClient.OpenAsync(host.Url, $"{Path}?module=orders&type=order.cancelled.v1");
        // A relay may still have had something to bring when the clients came.
        var order = await shop.PlaceAsync(bob);
        var mine = await shop.PlaceAsync(ada);
        await shop.PostAsync($"orders/{mine}/cancel", """{"reason":"two words, \"quoted\""}""");
        await shop.PostAsync($"customers/{bob}/deactivate", """{"reason":"gone"}""");

        var seen = new List<JsonNode>();
        while (seen.Count(e => (string?)e["streamId"] == order.ToString()) < 2)
            seen.Add(JsonNode.Parse((await all.ReadAsync(patience.Token))!.Data)!);
        var toAda = new List<string>();
        while (!toAda.Contains("order.cancelled.v1 " + mine))
            toAda.Add(await NextAsync(ofAda));
        var cancelled = new List<string>();
        while (!cancelled.Contains("order.cancelled.v1 " + mine))
            cancelled.Add(await NextAsync(cancellations));

        toAda.ShouldContain($"order.placed.v1 {mine}");
        toAda.ShouldNotContain(
            text => text.EndsWith(order.ToString(), StringComparison.Ordinal) || text.EndsWith(bob.ToString(), StringComparison.Ordinal));
        cancelled.ShouldAllBe(text => text.StartsWith("order.cancelled.v1 ", StringComparison.Ordinal));
        var placed = seen.First(e => (string?)e["streamId"] == order.ToString());
        var logged = (await WrittenLog.ReadAsync(site.Sql, "orders")).Events.Single(e => e.Id == (Guid)placed["id"]!);
        (
            (string)placed["type"]!,
            (string)placed["module"]!,
            (long)placed["streamVersion"]!,
            (int)placed["partition"]!,
            (long)placed["offset"]!)
            .ShouldBe((logged.Type, "orders", logged.Version, logged.Partition, logged.Offset));
        ((DateTimeOffset)placed["occurredAt"]!, (Guid)placed["correlationId"]!).ShouldBe((logged.At, logged.Correlation));
        JsonNode.DeepEquals(placed["data"], JsonNode.Parse(logged.Data)).ShouldBeTrue();

        async Task<string> NextAsync(SseClient client)
        {
            var message = (await client.ReadAsync(patience.Token))!;
            var json = JsonNode.Parse(message.Data)!;
            message.Type.ShouldBe((string)json["type"]!);
            return $"{message.Type} {json["streamId"]}";
        }
    }

    [Fact]
    public async Task What_cannot_be_followed_is_refused_before_anything_is_sent()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        using var client = new HttpClient { BaseAddress = (await site.StartHostAsync()).Url };
        foreach (var (query, header, field) in new[]
        {
            ("", "nonsense", "Last-Event-ID"), ("", "AQAAAAAA", "Last-Event-ID"), ("?module=nowhere", "", "module"), (
                "?type=order.eaten.v1", "", "type"), ("?customerId=7", "", "customerId"),
        })
        {
            var answer = await client.GetJson(Path + query, header.Length > 0 ? ["Last-Event-ID", header] : []);
            (answer.Status, answer.ContentType, answer.Slug).ShouldBe((400, "application/problem+json", "invalid-request"), query + header);
            answer.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
        }
    }

    [Fact]
    public async Task A_quiet_stream_stays_open_moves_its_place_and_ends_cleanly_with_the_host()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        site.Set("Stream__HeartbeatSeconds", "0.4");
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        using var patience = new CancellationTokenSource(Patience);
        using var quiet = await SseClient.OpenAsync(host.Url, $"{Path}?customerId={Guid.NewGuid()}");
        var ended = quiet.ReadAsync(patience.Token);
        await Eventually.HoldsAsync(Patience, "the first place", () => quiet.LastId.Length > 0);
        var first = quiet.LastId;

        // Longer than a server gives a client that takes nothing.
        await Eventually.HoldsAsync(Patience, "heartbeats for eight seconds", () => quiet.Comments >= 20);
        quiet.LastId.ShouldBe(first);
        await shop.RegisterAsync();
        await Eventually.HoldsAsync(Patience, "the place moves on with what others get", () => quiet.LastId != first);

        var stopping = Stopwatch.GetTimestamp();
        await host.StopAsync();
        (await ended).ShouldBeNull("the stream ends, and does not break off");
        Stopwatch.GetElapsedTime(stopping).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Clients_that_come_back_at_any_host_lose_nothing_and_get_nothing_twice(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        site.Set("Stream__BufferEvents", "500");
        var hosts = new List<Uri> { (await site.StartHostAsync()).Url };
        if (transport == Transport.Kafka)
            hosts.Add((await site.StartHostAsync()).Url);
        await using var load = new MixedLoad(Clients, [.. hosts]);
        var starts = await Task.WhenAll(Enumerable.Range(0, Listeners).Select(_ => SseClient.OpenAsync(hosts[0], Path)));
        using var done = new CancellationTokenSource(Patience * 3);
        var goal = new TaskCompletionSource<int>();
        var heard = starts.Select(start => ListenAsync(start, hosts, new Random(load.Random.Next()), goal.Task, done.Token)).ToArray();

        await load.RunAsync(TestScale.Of(SomeCommands));
        await Truth.CaughtUpAsync(site.Sql, Patience);
        goal.SetResult(await Heard.LoggedAsync(site));

        foreach (var client in heard)
            await (await client).ShouldBeTheLogsAsync(site);
    }

    [Fact]
    public async Task A_client_that_falls_behind_is_told_dropped_and_comes_back_for_the_rest()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        site.Set("Stream__BufferEvents", "16");
        var host = await site.StartHostAsync();
        using var patience = new CancellationTokenSource(Patience);
        var client = await SseClient.OpenAsync(host.Url, Path);
        var (heard, told) = (new Heard(), 0);
        var customer = await new Shop(host.Url).RegisterAsync();

        // Nobody wakes the host for these, so that it reads many of them at once: more than it keeps.
        for (var i = 0; i < 200; i++)
            await LoggedByHand.AppendAsync(
                site.Sql, "customers", customer, "customer.deactivated.v1", $$"""{"customerId":"{{customer}}","reason":"{{i}}"}""");
        await Truth.CaughtUpAsync(site.Sql, Patience);
        var logged = await Heard.LoggedAsync(site);
        while (heard.Count < logged)
        {
            var message = (await client.ReadAsync(patience.Token)).ShouldNotBeNull();
            if (message.Type != "dropped")
            {
                heard.Add(message);
                continue;
            }

            told++;
            message.Data.ShouldContain("too-slow");
            (await client.ReadAsync(patience.Token)).ShouldBeNull("the stream ends behind it");
            var lastId = client.LastId;
            client.Dispose();
            client = await SseClient.OpenAsync(host.Url, Path, lastId, patience.Token);
        }

        client.Dispose();
        told.ShouldBePositive();
        await heard.ShouldBeTheLogsAsync(site);
    }

    [Fact]
    public async Task Many_listeners_get_everything_and_the_read_side_stays_current()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        using var patience = new CancellationTokenSource(Patience * 3);
        var listeners = new List<SseClient>();
        while (listeners.Count < TestScale.Of(ManyListeners))
            listeners.AddRange(
                await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SseClient.OpenAsync(host.Url, Path, cancellation: patience.Token))));
        var goal = new TaskCompletionSource<int>();
        var counting = listeners.Select(listener => CountAsync(listener, goal.Task, patience.Token)).ToArray();
        await using var load = new MixedLoad(Clients, host.Url);

        await load.RunAsync(200);
        await Truth.CaughtUpAsync(site.Sql, CurrentWithin);
        goal.SetResult(await Heard.LoggedAsync(site));

        (await Task.WhenAll(counting)).ShouldAllBe(count => count == goal.Task.Result);
        await Health.BecomesHealthyAsync(host.Url, CurrentWithin);
        listeners.ForEach(listener => listener.Dispose());
    }

    private static async Task<Heard> ListenAsync(
        SseClient start, List<Uri> hosts, Random random, Task<int> goal, CancellationToken cancellation)
    {
        var heard = new Heard();
        var client = start;
        while (true)
        {
            var until = heard.Count + random.Next(1, 400);
            var lastId = client.LastId;
            while (heard.Count < until && !(goal.IsCompleted && heard.Count >= goal.Result))
            {
                // Until the goal is known nobody knows either whether more is to come.
                var reading = client.ReadAsync(cancellation);
                if (await Task.WhenAny(reading, goal) == goal && heard.Count >= goal.Result)
                    break;
                if (await reading is not { } message || message.Type == "dropped")
                    break;
                heard.Add(message);
                lastId = client.LastId;
            }

            client.Dispose();
            if (goal.IsCompleted && heard.Count >= goal.Result)
                return heard;
            client = await SseClient.OpenAsync(hosts[random.Next(hosts.Count)], Path, lastId, cancellation);
        }
    }

    private static async Task<int> CountAsync(SseClient listener, Task<int> goal, CancellationToken cancellation)
    {
        var count = 0;
        while (true)
        {
            var reading = listener.ReadAsync(cancellation);
            if (await Task.WhenAny(reading, goal) == goal && count >= goal.Result)
                return count;
            (await reading).ShouldNotBeNull().Type.ShouldNotBe("dropped");
            count++;
        }
    }
}
