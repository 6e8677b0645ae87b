using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class IdempotencyTests(Servers servers)
{
    private const int Orders = 1_000;
    private const int Callers = 8;
    private const string Key = "Idempotency-Key";

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Retry_with_idempotency_key_after_disconnect_places_one_order()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var customer = await new Shop(host.Url).RegisterAsync();
        var before = await OrdersAsync(site);
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        var pauses = Enumerable.Range(0, TestScale.Of(Orders)).Select(_ => random.NextDouble() * LongestPause).ToArray();
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Timeout };
        var replayed = 0;

        await Parallel.ForAsync(0, pauses.Length, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, cancellation) =>
        {
            await HastyCaller.PostAsync(new Uri(host.Url, "api/v1/orders"), Shop.Order(customer), $"{Key}: order-{i}", pauses[i]);
            if (await PlaceAgainAsync(client, customer, $"order-{i}", cancellation))
                Interlocked.Increment(ref replayed);
        });

        (await OrdersAsync(site) - before).ShouldBe(pauses.Length);
        replayed.ShouldBeInRange(1, pauses.Length - 1, "some connections must be cut before the commit, and some behind it");
    }

    private static async Task<bool> PlaceAgainAsync(HttpClient client, Guid customer, string key, CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await client.PostJson("api/v1/orders", Shop.Order(customer), Key, key);
            if (answer.Status == 201)
                return answer.Response.Headers.Contains("Idempotency-Replayed");
            (answer.Status, answer.Slug).ShouldBe((409, "idempotency-key-in-use"));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static async Task<long> OrdersAsync(Site site)
    {
        await using var command = site.Sql.CreateCommand("select count(*) from orders.events where type = 'order.placed.v1'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
