using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Analytics.Tests.Logs;

/// <summary>
/// Random customers and orders of a year, by a seed: renames, status changes, several currencies, repeated products, payments, shipments
/// and cancellations.
/// </summary>
internal static class RandomHistory
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly (string Code, int Digits)[] Currencies = [("EUR", 2), ("JPY", 0), ("KWD", 3), ("USD", 2)];
    private static readonly string[] Cities = ["Berlin", "Zürich", "São Paulo", "'; drop table orders; --", "東京"];
    private static readonly string[] Countries = ["DE", "CH", "BR", "JP"];

    /// <summary>The interleaved events of all streams; each stream is in order.</summary>
    public static List<(IEvent Data, DateTimeOffset At)> Of(int seed)
    {
        var random = new Random(seed);
        var streams = new List<List<(IEvent Data, DateTimeOffset At)>>();
        var customers = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Id(random)).ToArray();
        streams.AddRange(customers.Select(customer => Customer(random, customer)));
        // Reports must include orders of unknown customers.
        Guid[] buyers = [.. customers, Id(random)];
        streams.AddRange(Enumerable.Range(0, random.Next(0, 120)).Select(_ => Order(random, buyers[random.Next(buyers.Length)])));
        return Interleave(random, streams);
    }

    private static List<(IEvent, DateTimeOffset)> Customer(Random random, Guid customer)
    {
        var at = Time(random);
        var events = new List<(IEvent, DateTimeOffset)> { (
            new CustomerRegistered(customer, $"user{random.Next(1_000_000)}", "Ada", "Lovelace", "ada@example.org"), at) };
        for (var i = random.Next(6); i > 0; i--)
        {
            at = Later(random, at);
            events.Add((random.Next(4) switch
            {
                0 => new CustomerRenamed(customer, $"Ada {i}", "King"),
                1 => new CustomerDeactivated(customer, "why"),
                2 => new CustomerReactivated(customer, "why"),
                _ => new CustomerEmailChanged(customer, "other@example.org"),
            }, at));
        }

        return events;
    }

    private static List<(IEvent, DateTimeOffset)> Order(Random random, Guid customer)
    {
        var order = Id(random);
        var (currency, digits) = Currencies[random.Next(Currencies.Length)];
        OrderLine[] lines = [.. Enumerable.Range(0, random.Next(1, 6)).Select(
            _ => new OrderLine($"p-{random.Next(7)}", "Tea \"green\"", random.Next(1, 10), Price(random, digits)))];
        var amount = lines.Sum(line => line.Quantity * line.UnitPrice);
        var at = Time(random);
        var (city, country) = (Cities[random.Next(Cities.Length)], Countries[random.Next(Countries.Length)]);
        var address = new DeliveryAddress("Street 1", "1", city, country);
        var events = new List<(IEvent, DateTimeOffset)>
        {
            (new OrderPlaced(order, customer, currency, amount, address, lines), at),
        };
        var fate = random.Next(5);
        if (fate is 1 or 2 or 4)
            events.Add((new OrderPaid(order, customer, currency, amount, "ref"), at = Later(random, at)));
        if (fate == 2)
            events.Add((new OrderShipped(order, customer, "DHL", "1"), Later(random, at)));
        if (fate >= 3)
            events.Add((new OrderCancelled(order, customer, currency, amount, fate == 4, "why"), Later(random, at)));
        return events;
    }

    private static List<(IEvent, DateTimeOffset)> Interleave(Random random, List<List<(IEvent, DateTimeOffset)>> streams)
    {
        var events = new List<(IEvent, DateTimeOffset)>();
        var next = new int[streams.Count];
        var open = Enumerable.Range(0, streams.Count).ToList();
        while (open.Count > 0)
        {
            var index = random.Next(open.Count);
            var stream = open[index];
            events.Add(streams[stream][next[stream]++]);
            if (next[stream] == streams[stream].Count)
                open.RemoveAt(index);
        }

        return events;
    }

    private static Guid Id(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    // Like the write side: with the minor digits of the currency, even if they are zero.
    private static decimal Price(Random random, int digits) => new(random.Next(0, 100_000), 0, 0, false, (byte)digits);

    private static DateTimeOffset Time(Random random) => Start.AddMicroseconds(random.NextInt64(365L * 86_400 * 1_000_000));

    private static DateTimeOffset Later(Random random, DateTimeOffset time) =>
        random.Next(8) == 0 ? time : time.AddMicroseconds(random.NextInt64(20L * 86_400 * 1_000_000));
}
