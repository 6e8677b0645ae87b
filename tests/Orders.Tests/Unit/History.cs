using CsCheck;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Orders.Tests.Unit;

/// <summary>Generates histories of customers and their orders: streams with ordered events that can be interleaved.</summary>
internal static class History
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Currencies = ["EUR", "JPY", "USD"];
    private static readonly DeliveryAddress Address = new("Street", "1", "City", "DE");

    /// <summary>Random streams of a few customers.</summary>
    public static Gen<Event[][]> Streams => Gen.Select(CustomerStream.Array[1, 4], OrderStream.Array[0, 12]).Select((customers, orders) =>
        customers.Select((events, i) => Number(events(CustomerId(i)), CustomerId(i), CustomersTopic.Name))
            .Concat(orders.Select((order, i) =>
                Number(order.Events(OrderId(i), CustomerId(order.Customer % customers.Length)), OrderId(i), OrdersTopic.Name)))
            .ToArray());

    /// <summary>A random interleaving of the streams that keeps the order within each stream.</summary>
    public static IEnumerable<Event> Interleave(Event[][] streams, int seed)
    {
        var random = new Random(seed);
        var next = new int[streams.Length];
        var open = Enumerable.Range(0, streams.Length).Where(i => streams[i].Length > 0).ToList();
        while (open.Count > 0)
        {
            var place = random.Next(open.Count);
            var stream = open[place];
            yield return streams[stream][next[stream]++];
            if (next[stream] == streams[stream].Length)
                open.RemoveAt(place);
        }
    }

    public static Guid CustomerId(int number) => new(number, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static Event At(IEvent data, Guid stream, long version, int minute, string log) => new(
        new LogRecord
        {
            Log = log,
            Partition = 0,
            Offset = version - 1,
            EventId = Guid.NewGuid(),
            StreamId = stream,
            StreamVersion = version,
            Type = data.GetType().Name,
            Data = default,
            OccurredAt = Start.AddMinutes(minute),
        },
        data);

    private static Gen<Func<Guid, IEvent[]>> CustomerStream => Gen.Int[0, 2].Array[0, 5].Select<int[], Func<Guid, IEvent[]>>(steps => id =>
    [
        new CustomerRegistered(id, "name", "First", "Last", "a@b"),
        .. steps.Select((step, i) => step switch
        {
            0 => (IEvent)new CustomerRenamed(id, $"First {i}", "Last"),
            1 => new CustomerDeactivated(id, "why"),
            _ => new CustomerReactivated(id, "why"),
        }),
    ]);

    private static Gen<(int Customer, Func<Guid, Guid, IEvent[]> Events)> OrderStream =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 5000]).Select((customer, fate, currency, cents) =>
            (customer, (Func<Guid, Guid, IEvent[]>)(
                (order, by) => Fate(order, by, fate, Currencies[currency], currency == 1 ? cents : cents / 100m))));

    private static IEvent[] Fate(Guid order, Guid customer, int fate, string currency, decimal amount)
    {
        var placed = new OrderPlaced(order, customer, currency, amount, Address, [new OrderLine("p", "P", 1, amount)]);
        var paid = new OrderPaid(order, customer, currency, amount, "ref");
        return fate switch
        {
            0 => [placed],
            1 => [placed, paid],
            2 => [placed, paid, new OrderShipped(order, customer, "DHL", "1")],
            3 => [placed, new OrderCancelled(order, customer, currency, amount, false, "why")],
            _ => [placed, paid, new OrderCancelled(order, customer, currency, amount, true, "why")],
        };
    }

    private static Event[] Number(IEvent[] events, Guid stream, string log) =>
        [.. events.Select((data, i) => At(data, stream, i + 1, minute: (int)(((uint)stream.GetHashCode() % 1000) + i), log))];

    private static Guid OrderId(int number) => new(number, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
