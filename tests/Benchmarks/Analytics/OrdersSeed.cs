using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.Benchmarks.CatchUp;
using Monolith.Benchmarks.Running;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Benchmarks.Analytics;

/// <summary>
/// Fills the logs of Customers and Orders with a year of business: five orders a customer, four lines an order, most of them paid and
/// shipped, some cancelled.
/// </summary>
internal sealed class OrdersSeed(Database database, int lines)
{
    public const int LinesOfEach = 4;

    private const int OrdersOfEach = 5;
    private const int Products = 2_000;

    private static readonly string[] Currencies = ["EUR", "EUR", "EUR", "USD", "JPY"];
    private static readonly string[] Cities = [.. Enumerable.Range(0, 300).Select(city => $"City {city}")];
    private static readonly string[] Countries = ["DE", "AT", "CH", "FR", "NL", "PL", "IT", "ES"];

    private readonly Random random = new(1);
    private readonly DateTimeOffset start = DateTimeOffset.UtcNow.AddDays(-380);

    /// <summary>How many events the log of Orders has.</summary>
    public int Events { get; private set; }

    /// <summary>How many orders there are.</summary>
    public int Orders => lines / LinesOfEach;

    public async Task FillAsync(CancellationToken cancellation)
    {
        var customers = new Guid[Math.Max(1, Orders / OrdersOfEach)];
        await using (var log = await LogCopy.BeginAsync(database, "customers", cancellation))
        {
            for (var i = 0; i < customers.Length; i++)
            {
                var at = start.AddSeconds(300L * 86_400 * i / customers.Length);
                customers[i] = Guid.CreateVersion7(at);
                await log.WriteAsync(
                    customers[i],
                    1,
                    "customer.registered.v1",
                    Json(
                        new CustomerRegistered(customers[i], $"customer.{i}", "Zoë", $"Müller-{i}", $"c{i}@example.org"),
                        CustomersJson.Contracts.CustomerRegistered),
                    at,
                    cancellation);
            }

            await log.CompleteAsync(cancellation);
        }

        await using var orders = await LogCopy.BeginAsync(database, "orders", cancellation);
        for (var i = 0; i < Orders; i++)
            await OrderAsync(
                orders, customers[random.Next(customers.Length)], start.AddMilliseconds(365L * 86_400_000 * i / Orders), cancellation);
        await orders.CompleteAsync(cancellation);
    }

    private async Task OrderAsync(LogCopy log, Guid customer, DateTimeOffset at, CancellationToken cancellation)
    {
        var order = Guid.CreateVersion7(at);
        var currency = Currencies[random.Next(Currencies.Length)];
        OrderLine[] ordered =
        [
            .. Enumerable.Range(0, LinesOfEach)
            .Select(
                _ =>
                    new OrderLine(
                        $"P-{random.Next(Products)}",
                        "Coffee beans 1 kg",
                        random.Next(1, 5),
                        new decimal(random.Next(100, 20_000), 0, 0, false, (byte)(currency == "JPY" ? 0 : 2))))
        ];
        var amount = ordered.Sum(line => line.Quantity * line.UnitPrice);
        var address =
            new DeliveryAddress("Hauptstraße 1", "10115", Cities[random.Next(Cities.Length)], Countries[random.Next(Countries.Length)]);
        var version = 0;
        await WriteAsync(
            "order.placed.v1", new OrderPlaced(order, customer, currency, amount, address, ordered), OrdersJson.Contracts.OrderPlaced);
        var fate = random.Next(10);
        at = at.AddMinutes(random.Next(1, 2_000));
        if (fate == 0)
            await WriteAsync(
                "order.cancelled.v1",
                new OrderCancelled(order, customer, currency, amount, false, "Changed my mind"),
                OrdersJson.Contracts.OrderCancelled);
        if (fate >= 2)
            await WriteAsync("order.paid.v1", new OrderPaid(order, customer, currency, amount, "INV-1"), OrdersJson.Contracts.OrderPaid);
        at = at.AddMinutes(random.Next(1, 8_000));
        if (fate >= 4)
            await WriteAsync("order.shipped.v1", new OrderShipped(order, customer, "DHL", "123"), OrdersJson.Contracts.OrderShipped);

        async Task WriteAsync<T>(string type, T data, JsonTypeInfo<T> json)
        {
            Events++;
            await log.WriteAsync(order, ++version, type, Json(data, json), at, cancellation);
        }
    }

    private static string Json<T>(T data, JsonTypeInfo<T> type) => JsonSerializer.Serialize(data, type);
}
