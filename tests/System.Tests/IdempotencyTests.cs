using System.Net.Sockets;
using System.Text;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Sites;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Trait("Height", "System")]
public sealed class IdempotencyTests(Servers servers)
{
    private const int Orders = 1_000;
    private const int Callers = 8;
    private const int LongestMicroseconds = 8_000;
    private const string Key = "Idempotency-Key";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_caller_that_is_cut_off_and_sends_again_with_its_key_places_one_order()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var customer = await new Shop(host.Url).RegisterAsync();
        var before = await OrdersAsync(site);
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        var pauses = Enumerable.Range(0, TestScale.Of(Orders)).Select(_ => random.Next(LongestMicroseconds)).ToArray();
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Patience };
        var replayed = 0;

        await Parallel.ForAsync(0, pauses.Length, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, cancellation) =>
        {
            await SendAndCutAsync(host.Url, customer, $"order-{i}", TimeSpan.FromMicroseconds(pauses[i]));
            if (await PlaceAgainAsync(client, customer, $"order-{i}", cancellation))
                Interlocked.Increment(ref replayed);
        });

        (await OrdersAsync(site) - before).ShouldBe(pauses.Length);
        replayed.ShouldBeInRange(1, pauses.Length - 1, "some connections must be cut before the commit, and some behind it");
    }

    /// <summary>Sends a whole request, and hangs up in the middle of whatever the host is doing then.</summary>
    private static async Task SendAndCutAsync(Uri host, Guid customer, string key, TimeSpan after)
    {
        using var connection = new TcpClient { LingerState = new LingerOption(true, 0), NoDelay = true };
        await connection.ConnectAsync(host.Host, host.Port);
        var body = Shop.Order(customer);
        var request = $"POST /api/v1/orders HTTP/1.1\r\nHost: {host.Authority}\r\nContent-Type: application/json\r\n{Key}: {key}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
        // The moment is what is random here; nothing waits for anything to be done.
        await Task.Delay(after);
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
