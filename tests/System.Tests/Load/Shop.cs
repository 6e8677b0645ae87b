using System.Globalization;
using System.Net;
using Monolith.Testing;

namespace Monolith.System.Tests.Load;

/// <summary>A shop client over HTTP.</summary>
internal sealed class Shop(Uri host)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Client = new() { Timeout = Timeout };

    public async Task<Guid> RegisterAsync()
    {
        var username = $"u-{Guid.NewGuid():N}"[..20];
        var customer = (Guid)(
            await PostAsync(
                "customers", $$"""{"username":"{{username}}","firstName":"A","lastName":"B","email":"a@example.org"}""")).Json["id"]!;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            // Only a customer that Orders knows can place an order. This one is cancelled, so that tests count their own.
            var first = await Client.PostJson(Route("orders"), Order(customer));
            return first.Status == 201
                && (
                    await Client.PostJson(
                        Route($"orders/{(string)first.Json["id"]!}/cancel"), """{"reason":"only to see"}""")).Status == 200
                ? null
                : "Orders knows the customer";
        });
        return customer;
    }

    public async Task<Guid> PlaceAsync(Guid customer) => (Guid)(await PostAsync("orders", Order(customer))).Json["id"]!;

    public async Task PlaceUntilRefusedAsync(Guid customer, CancellationToken cancellation)
    {
        while ((await Client.PostJson(Route("orders"), Order(customer))).Status != (int)HttpStatusCode.UnprocessableEntity)
            cancellation.ThrowIfCancellationRequested();
    }

    public async Task<JsonAnswer> PostAsync(string path, string body)
    {
        var answer = await Client.PostJson(Route(path), body);
        answer.Status.ShouldBeInRange(200, 201, $"{path}: {answer.Text}");
        return answer;
    }

    private string Route(string path) => new Uri(host, $"api/v1/{path}").AbsoluteUri;

    /// <summary>The body of a registration.</summary>
    public static string Customer(int number) =>
        $$"""{"username":"{{UsernameOf(number)}}","firstName":"A","lastName":"B","email":"a@example.org"}""";

    /// <summary>The name of a customer with this number.</summary>
    public static string UsernameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"u-{number}");

    /// <summary>The body of an order.</summary>
    public static string Order(Guid customer) =>
        $$"""{"customerId":"{{customer}}","currency":"EUR","deliveryAddress":{"street":"Street 1","postalCode":"10117","city":"Berlin","country":"DE"},"items":[{"productId":"p-1","name":"Tea","quantity":3,"unitPrice":12.3}]}""";
}
