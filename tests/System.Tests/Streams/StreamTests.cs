using System.Diagnostics;
using System.Text.Json.Nodes;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
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

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CurrentWithin = TimeSpan.FromSeconds(10);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Stream_delivers_only_matching_events_with_their_envelopes(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var (ada, bob) = (await shop.RegisterAsync(), await shop.RegisterAsync());
        using var timeout = new CancellationTokenSource(Timeout);
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        using var all = await SseClient.OpenAsync(host.Url, Path);
        using var ofAda = await SseClient.OpenAsync(host.Url, $"{Path}?customerId={ada}");
        using var cancellations = await SseClient.OpenAsync(host.Url, $"{Path}?module=orders&type=order.cancelled.v1");
        // A relay may still have had events to publish when the clients connected.
        var order = await shop.PlaceAsync(bob);
        var mine = await shop.PlaceAsync(ada);
        await shop.PostAsync($"orders/{mine}/cancel", """{"reason":"two words, \"quoted\""}""");
        await shop.PostAsync($"customers/{bob}/deactivate", """{"reason":"gone"}""");

        var seen = new List<JsonNode>();
        while (seen.Count(e => (string?)e["streamId"] == order.ToString()) < 2)
            seen.Add(JsonNode.Parse((await all.ReadAsync(timeout.Token))!.Data)!);
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
            var message = (await client.ReadAsync(timeout.Token))!;
            var json = JsonNode.Parse(message.Data)!;
            message.Type.ShouldBe((string)json["type"]!);
            return $"{message.Type} {json["streamId"]}";
        }
    }

    [Fact]
    public async Task Invalid_stream_request_is_refused_before_anything_is_sent()
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
    public async Task Quiet_stream_stays_open_advances_and_ends_with_the_host()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        site.Set("Stream__HeartbeatSeconds", "0.4");
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        using var timeout = new CancellationTokenSource(Timeout);
        using var quiet = await SseClient.OpenAsync(host.Url, $"{Path}?customerId={Guid.NewGuid()}");
        var ended = quiet.ReadAsync(timeout.Token);
        await Eventually.HoldsAsync(Timeout, "the first event id", () => quiet.LastId.Length > 0);
        var first = quiet.LastId;

        // Longer than the server's timeout for a client that reads nothing.
        await Eventually.HoldsAsync(Timeout, "heartbeats for eight seconds", () => quiet.Comments >= 20);
        quiet.LastId.ShouldBe(first);
        await shop.RegisterAsync();
        await Eventually.HoldsAsync(Timeout, "the event id advances with events of other clients", () => quiet.LastId != first);

        var stopping = Stopwatch.GetTimestamp();
        await host.StopAsync();
        (await ended).ShouldBeNull("the stream ends cleanly");
        Stopwatch.GetElapsedTime(stopping).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Reconnecting_clients_receive_each_event_once_from_any_host(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        site.Set("Stream__BufferEvents", "500");
        var hosts = new List<Uri> { (await site.StartHostAsync()).Url };
        if (transport == Transport.Kafka)
            hosts.Add((await site.StartHostAsync()).Url);
        await using var load = new MixedLoad(Clients, [.. hosts]);
        var starts = await Task.WhenAll(Enumerable.Range(0, Listeners).Select(_ => SseClient.OpenAsync(hosts[0], Path)));
        using var done = new CancellationTokenSource(Timeout * 3);
        var goal = new TaskCompletionSource<int>();
        var heard = starts.Select(start => ListenAsync(start, hosts, new Random(load.Random.Next()), goal.Task, done.Token)).ToArray();

        await load.RunAsync(TestScale.Of(SomeCommands));
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        goal.SetResult(await Heard.LoggedAsync(site));

        foreach (var client in heard)
            await (await client).ShouldBeTheLogsAsync(site);
    }

    [Fact]
    public async Task Slow_client_receives_dropped_event_and_resumes()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        site.Set("Stream__BufferEvents", "16");
        var host = await site.StartHostAsync();
        using var timeout = new CancellationTokenSource(Timeout);
        var client = await SseClient.OpenAsync(host.Url, Path);
        var (heard, dropped) = (new Heard(), 0);
        var customer = await new Shop(host.Url).RegisterAsync();

        // These send no notification, so that the host reads many of them at the same time: more than its buffer holds.
        for (var i = 0; i < 200; i++)
            await LoggedByHand.AppendAsync(
                site.Sql, "customers", customer, "customer.deactivated.v1", $$"""{"customerId":"{{customer}}","reason":"{{i}}"}""");
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        var logged = await Heard.LoggedAsync(site);
        while (heard.Count < logged)
        {
            var message = (await client.ReadAsync(timeout.Token)).ShouldNotBeNull();
            if (message.Type != "dropped")
            {
                heard.Add(message);
                continue;
            }

            dropped++;
            message.Data.ShouldContain("too-slow");
            (await client.ReadAsync(timeout.Token)).ShouldBeNull("the stream ends after it");
            var lastId = client.LastId;
            client.Dispose();
            client = await SseClient.OpenAsync(host.Url, Path, lastId, timeout.Token);
        }

        client.Dispose();
        dropped.ShouldBePositive();
        await heard.ShouldBeTheLogsAsync(site);
    }

    [Fact]
    public async Task Many_listeners_receive_everything_and_read_side_stays_current()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        using var timeout = new CancellationTokenSource(Timeout * 3);
        var listeners = new List<SseClient>();
        while (listeners.Count < TestScale.Of(ManyListeners))
            listeners.AddRange(
                await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SseClient.OpenAsync(host.Url, Path, cancellation: timeout.Token))));
        var goal = new TaskCompletionSource<int>();
        var counting = listeners.Select(listener => CountAsync(listener, goal.Task, timeout.Token)).ToArray();
        await using var load = new MixedLoad(Clients, host.Url);

        await load.RunAsync(200);
        await SystemInvariants.CaughtUpAsync(site.Sql, CurrentWithin);
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
                // Until the goal is known, more events may follow.
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
