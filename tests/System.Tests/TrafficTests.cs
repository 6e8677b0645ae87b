using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Oracles;
using Monolith.System.Tests.Sites;
using Monolith.Testing;
using Npgsql;

namespace Monolith.System.Tests;

/// <summary>More requests than the host takes, more than the database takes, and requests to a host that goes.</summary>
[Trait("Height", "System")]
public sealed class TrafficTests(Servers servers)
{
    private const int Clients = 8;
    private const int SomeCommands = 500;
    private const int AtOnce = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task One_request_more_than_may_is_refused_at_once_and_those_before_it_are_answered()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        site.Set("Requests__AtOnce", AtOnce.ToString(CultureInfo.InvariantCulture));
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Patience };
        var sent = new List<Task<JsonAnswer>>();
        await using (await LogHeld.TakeAsync(site))
        {
            JsonAnswer? refused = null;
            await Eventually.HoldsAsync(Patience, async () =>
            {
                // No command waits for ever: as many as may are kept under way.
                while (sent.Count(request => !request.IsCompleted) < AtOnce)
                    sent.Add(RegisterAsync(client, sent.Count));
                refused = await client.GetJson($"api/v1/customers/{Guid.NewGuid()}");
                return refused.Status == 503 ? null : $"the host still answers {refused.Status}";
            });
            (refused!.Slug, refused.Response.Headers.RetryAfter?.ToString()).ShouldBe(("overloaded", "1"));
            (await Health.OfAsync(host.Url)).Code.ShouldBe(HttpStatusCode.OK, "health is asked also where there is no room for anybody else");
        }

        await Task.WhenAll(sent);
        (await client.GetJson($"api/v1/customers/{Guid.NewGuid()}")).Status.ShouldBe(404);
        (await RegisterAsync(client, sent.Count)).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Whoever_gets_no_connection_to_the_database_is_told_so_after_its_time_out()
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync()) { MaxPoolSize = AtOnce, Timeout = 2 };
        await using var site = new Site(database.ConnectionString, kafka: null);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Patience };
        Task<JsonAnswer>[] sent;
        await using (await LogHeld.TakeAsync(site))
        {
            sent = [.. Enumerable.Range(0, 2 * AtOnce).Select(i => RegisterAsync(client, i))];
            await Eventually.HoldsAsync(Patience, "those without a connection are answered", () => sent.Count(request => request.IsCompleted) >= AtOnce);
            foreach (var refused in await Task.WhenAll(sent.Where(request => request.IsCompleted)))
            {
                (refused.Status, refused.Slug).ShouldBe((503, "storage-unavailable"), refused.Text);
                refused.Response.Headers.RetryAfter.ShouldNotBeNull();
            }
        }

        await Task.WhenAll(sent);
        host.Process.Lines.ShouldContain(line => line.Contains("connection pool has been exhausted", StringComparison.Ordinal));
        (await RegisterAsync(client, sent.Length)).Status.ShouldBe(201);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task A_host_that_is_asked_to_stop_under_load_says_so_first_and_answers_every_request_that_was_sent(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Patience };
        var registered = new ConcurrentQueue<string>();
        var ready = true;
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            // As a load balancer does: no request is sent to a host that was seen not to be ready.
            for (var i = 0; Volatile.Read(ref ready); i++)
            {
                var answer = await RegisterAsync(client, (number * 1_000_000) + i);
                answer.Status.ShouldBe(201, answer.Text);
                registered.Enqueue((string)answer.Json["id"]!);
            }
        })).ToArray();
        await Eventually.HoldsAsync(Patience, "the load is under way", () => registered.Count >= TestScale.Of(SomeCommands) || clients.Any(task => task.IsFaulted));

        await host.Process.TerminateAsync();
        await Eventually.HoldsAsync(Patience, async () => (await Health.OfAsync(host.Url)) is { Code: HttpStatusCode.ServiceUnavailable } ? null : "the host is still ready");
        Volatile.Write(ref ready, false);
        await Task.WhenAll(clients);
        (await host.Process.ExitAsync(Patience)).ShouldBe(0);

        (await WrittenLog.ReadAsync(site.Sql, "customers")).Events.Count.ShouldBe(registered.Count);
        await site.StartHostAsync();
        await Truth.CaughtUpAsync(site.Sql, Patience);
    }

    private static Task<JsonAnswer> RegisterAsync(HttpClient client, int number) =>
        client.PostJson("api/v1/customers", $$"""{"username":"u-{{number}}","firstName":"A","lastName":"B","email":"a@example.org"}""");
}
