using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests;

/// <summary>More requests than the host accepts, more than the database accepts, and requests to a host that stops.</summary>
[Trait("Category", "System")]
public sealed class TrafficTests(Servers servers)
{
    private const int Clients = 8;
    private const int SomeCommands = 500;
    private const int AtOnce = 3;
    private const int Stops = 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Excess_request_is_refused_and_earlier_requests_complete()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        site.Set("Requests__AtOnce", AtOnce.ToString(CultureInfo.InvariantCulture));
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Timeout };
        var sent = new List<Task<JsonAnswer>>();
        await using (await TableHeld.LogAsync(site))
        {
            JsonAnswer? refused = null;
            await Eventually.HoldsAsync(Timeout, async () =>
            {
                // No command waits for ever, so the maximum number is kept in flight.
                while (sent.Count(request => !request.IsCompleted) < AtOnce)
                    sent.Add(RegisterAsync(client, $"u-{sent.Count}"));
                refused = await client.GetJson($"api/v1/customers/{Guid.NewGuid()}");
                return refused.Status == 503 ? null : $"the host still answers {refused.Status}";
            });
            (refused!.Slug, refused.Response.Headers.RetryAfter?.ToString()).ShouldBe(("overloaded", "1"));
            (await Health.OfAsync(host.Url)).Code.ShouldBe(
                HttpStatusCode.OK, "health answers also when no other request is admitted");
        }

        await Task.WhenAll(sent);
        (await client.GetJson($"api/v1/customers/{Guid.NewGuid()}")).Status.ShouldBe(404);
        (await RegisterAsync(client, $"u-{sent.Count}")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Connection_pool_timeout_is_reported()
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync()) { MaxPoolSize = AtOnce, Timeout = 2 };
        await using var site = new Site(database.ConnectionString, kafka: null);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Timeout };
        Task<JsonAnswer>[] sent;
        await using (await TableHeld.LogAsync(site))
        {
            sent = [.. Enumerable.Range(0, 2 * AtOnce).Select(i => RegisterAsync(client, $"u-{i}"))];
            await Eventually.HoldsAsync(
                Timeout, "those without a connection are answered", () => sent.Count(request => request.IsCompleted) >= AtOnce);
            foreach (var refused in await Task.WhenAll(sent.Where(request => request.IsCompleted)))
            {
                (refused.Status, refused.Slug).ShouldBe((503, "storage-unavailable"), refused.Text);
                refused.Response.Headers.RetryAfter.ShouldNotBeNull();
            }
        }

        await Task.WhenAll(sent);
        host.Process.Lines.ShouldContain(line => line.Contains("connection pool has been exhausted", StringComparison.Ordinal));
        (await RegisterAsync(client, $"u-{sent.Length}")).Status.ShouldBe(201);
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Graceful_shutdown_completes_in_flight_requests(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var answered = new HashSet<Guid>();
        for (var stop = 0; stop < TestScale.Of(Stops); stop++)
        {
            var host = await site.StartHostAsync();
            await ShouldBeSeenAsync(site, answered);
            answered.UnionWith(await StopUnderLoadAsync(host, $"stop-{stop}"));
            (await WrittenLog.ReadAsync(site.Sql, "customers")).Events.Select(logged => logged.Stream)
                .ShouldBe(answered, ignoreOrder: true);
        }

        await site.StartHostAsync();
        await ShouldBeSeenAsync(site, answered);
    }

    /// <summary>Returns the customers that a host registered before and during its shutdown.</summary>
    private static async Task<IReadOnlyCollection<Guid>> StopUnderLoadAsync(HostProcess host, string names)
    {
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Timeout };
        var registered = new ConcurrentQueue<Guid>();
        var ready = true;
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            // As a load balancer does: no request is sent to a host that has reported that it is not ready.
            for (var i = 0; Volatile.Read(ref ready); i++)
            {
                var answer = await RegisterAsync(client, $"{names}-{number}-{i}");
                answer.Status.ShouldBe(201, answer.Text);
                registered.Enqueue((Guid)answer.Json["id"]!);
            }
        })).ToArray();
        await Eventually.HoldsAsync(
            Timeout, "the load is under way", () => registered.Count >= TestScale.Of(SomeCommands) || clients.Any(task => task.IsFaulted));

        await host.Process.TerminateAsync();
        await Eventually.HoldsAsync(
            Timeout,
            async () => (await Health.OfAsync(host.Url)) is { Code: HttpStatusCode.ServiceUnavailable } ? null : "the host is still ready");
        Volatile.Write(ref ready, false);
        await Task.WhenAll(clients);
        (await host.Process.ExitAsync(Timeout)).ShouldBe(0);
        return registered;
    }

    private static async Task ShouldBeSeenAsync(Site site, HashSet<Guid> customers)
    {
        // The first host may still be building projections without events.
        if (customers.Count == 0)
            return;
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        var seen = new List<Guid>();
        await using var select = site.Sql.CreateCommand("select customer_id from orders_read.customers");
        await using var row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
            seen.Add(row.GetGuid(0));
        seen.ShouldBe(customers, ignoreOrder: true);
    }

    private static Task<JsonAnswer> RegisterAsync(HttpClient client, string username) =>
        client.PostJson("api/v1/customers", $$"""{"username":"{{username}}","firstName":"A","lastName":"B","email":"a@example.org"}""");
}
