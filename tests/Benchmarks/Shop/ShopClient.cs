using System.Globalization;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Shop;

/// <summary>
/// One client of the shop on its own connection. A turn has ten commands: one customer registers, four orders are placed and paid by
/// customers of earlier turns, and one customer changes its name.
/// </summary>
internal sealed class ShopClient(KeepAliveConnection connection, int number) : IDisposable
{
    public const string Mix = "10 % register, 40 % place an order, 40 % pay it, 10 % change a name";

    private const int StepsOfTurn = 10;
    private const int CustomersKept = 10;
    private const int Refused = 422;

    private static readonly TimeSpan ReadModelRetry = TimeSpan.FromMilliseconds(50);

    private readonly Queue<Guid> customers = new();
    private Guid order;
    private long step;
    private int registered;

    /// <summary>The customer that the command before this one registered; null where it was another command.</summary>
    public Guid? JustRegistered { get; private set; }

    /// <summary>Registers the customers of the first turns, and waits until the last of them may order.</summary>
    public async Task PrimeAsync(CancellationToken cancellation)
    {
        while (customers.Count < CustomersKept)
            customers.Enqueue(await RegisterAsync(cancellation));
        var last = customers.Last();
        await Until.HoldsAsync(
            "the last customer may order", ReadModelRetry, async () =>
                (await connection.SendAsync("POST", "/api/v1/orders", OrderBody(last), cancellation)).Status != Refused, cancellation);
    }

    /// <summary>The next command of the turn.</summary>
    public async Task NextAsync(CancellationToken cancellation)
    {
        JustRegistered = null;
        switch (step++ % StepsOfTurn)
        {
            case 0:
                JustRegistered = await RegisterAsync(cancellation);
                customers.Enqueue(JustRegistered.Value);
                break;
            case StepsOfTurn - 1:
                Check(
                    await connection.SendAsync(
                        "PATCH",
                        $"/api/v1/customers/{customers.Dequeue()}",
                        string.Create(CultureInfo.InvariantCulture, $$"""{"lastName":"Müller-{{step}}"}"""),
                        cancellation));
                break;
            case var placing when placing % 2 == 1:
                order = Made(await connection.SendAsync("POST", "/api/v1/orders", OrderBody(customers.Peek()), cancellation));
                break;
            default:
                Check(
                    await connection.SendAsync(
                        "POST",
                        $"/api/v1/orders/{order}/pay",
                        string.Create(CultureInfo.InvariantCulture, $$"""{"reference":"INV-{{number}}-{{step}}"}"""),
                        cancellation));
                break;
        }
    }

    public void Dispose() => connection.Dispose();

    private async Task<Guid> RegisterAsync(CancellationToken cancellation)
    {
        var username = string.Create(CultureInfo.InvariantCulture, $"c{number}.{registered++}");
        var body = $$"""{"username":"{{username}}","firstName":"Zoë","lastName":"Müller","email":"{{username}}@example.org"}""";
        return Made(await connection.SendAsync("POST", "/api/v1/customers", body, cancellation));
    }

    private static string OrderBody(Guid customer) =>
        $$"""
        {"customerId":"{{customer}}","currency":"EUR","deliveryAddress":{"street":"Hauptstraße 1","postalCode":"10115","city":"Berlin","country":"DE"},"items":[{"productId":"P-1","name":"Espresso machine","quantity":1,"unitPrice":249.90},{"productId":"P-7","name":"Coffee beans 1 kg","quantity":3,"unitPrice":18.50}]}
        """;

    private static Guid Made(Answer answer) => answer is { IsSuccess: true, MadeId: { } id } ? id : throw Unexpected(answer);

    private static void Check(Answer answer)
    {
        if (!answer.IsSuccess)
            throw Unexpected(answer);
    }

    private static InvalidOperationException Unexpected(Answer answer) => new($"A command was answered with {answer.Status}.");
}
