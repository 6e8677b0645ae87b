using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests.Rebuilds;

[Trait("Category", "System")]
public sealed class ReplayedReactionTests(Servers servers)
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(30);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Replayed_deactivation_cancels_no_order_again(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        var customer = await SendAsync(
            host.Url,
            "customers",
            $$"""{"username":"u-{{Guid.NewGuid().ToString("N")[..12]}}","firstName":"A","lastName":"B","email":"a@example.org"}""");
        await PlaceAsync(host.Url, customer);
        await PlaceAsync(host.Url, customer);
        await SendAsync(host.Url, $"customers/{customer}/deactivate", """{"reason":"gone"}""");
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);
        await SendAsync(host.Url, $"customers/{customer}/reactivate", """{"reason":"back"}""");
        var (first, second) = (await PlaceAsync(host.Url, customer), await PlaceAsync(host.Url, customer));
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);
        var before = await WrittenLog.ReadAsync(site.Sql, "orders");
        Reactions.Of(before).Length.ShouldBe(2);

        var operators = new Operator(host.Url);
        foreach (var projection in Projections.All)
            await operators.DoneAsync(operators.RebuildAsync(projection));
        await host.Process.KillAsync();
        host = await site.StartHostAsync(host.Url);
        operators = new Operator(host.Url);
        foreach (var projection in Projections.All)
            await operators.DoneAsync(operators.RollbackAsync(projection));
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);

        foreach (var order in new[] { first, second })
            ((string?)(await Client.GetJson(Route(host.Url, $"orders/{order}"))).Json["status"]).ShouldBe("placed");
        var after = await WrittenLog.ReadAsync(site.Sql, "orders");
        after.Counters.ShouldBe(before.Counters);
        await ReadModels.ShouldEqualFoldsAsync(site.Sql, await WrittenLog.ReadAsync(site.Sql, "customers"), after);
    }

    /// <summary>Places an order as soon as Orders has applied the customer's current state.</summary>
    private static async Task<Guid> PlaceAsync(Uri host, Guid customer)
    {
        var order = Guid.Empty;
        await Eventually.HoldsAsync(SeenWithin, async () =>
        {
            var answer = await Client.PostJson(
                Route(host, "orders"),
                $$"""{"customerId":"{{customer}}","currency":"EUR","deliveryAddress":{"street":"Street 1","postalCode":"10117","city":"Berlin","country":"DE"},"items":[{"productId":"p-1","name":"Tea","quantity":3,"unitPrice":12.3}]}""");
            if (answer.Status != 201)
                return answer.Text;
            order = (Guid)answer.Json["id"]!;
            return null;
        });
        return order;
    }

    private static async Task<Guid> SendAsync(Uri host, string path, string body)
    {
        var answer = await Client.PostJson(Route(host, path), body);
        answer.Status.ShouldBeInRange(200, 201, answer.Text);
        return (Guid)answer.Json["id"]!;
    }

    private static string Route(Uri host, string path) => new Uri(host, $"api/v1/{path}").AbsoluteUri;
}
