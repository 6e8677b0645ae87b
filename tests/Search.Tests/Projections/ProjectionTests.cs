using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Infrastructure.Projections;

namespace Monolith.Search.Tests.Projections;

[Trait("Category", "Unit")]
public sealed class ProjectionTests
{
    private static readonly Guid Ada = new(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static readonly Guid Order = new(2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CustomerRegistered Registered = new(Ada, "ada", "Ada", "Lovelace", "ada@example.org");

    private static readonly OrderPlaced Placed = new(
        Order,
        Ada,
        "EUR",
        13.50m,
        new DeliveryAddress("Hauptstr. 1", "10115", "Köln", "DE"),
        [new OrderLine("p-1", "Green Tea", 3, 4.50m), new OrderLine("p-2", "Teapot", 1, 0)]);

    [Fact]
    public void Customer_row_follows_its_events()
    {
        var row = new CustomerRow(Ada, "ada", "Ada", "Lovelace", "ada@example.org", "active", Start);
        Customer(Registered).ShouldBe(row);
        Customer(Registered, new CustomerRenamed(Ada, "Augusta", "King")).ShouldBe(row with { FirstName = "Augusta", LastName = "King" });
        Customer(Registered, new CustomerEmailChanged(Ada, "a@b.org")).ShouldBe(row with { Email = "a@b.org" });
        Customer(Registered, new CustomerDeactivated(Ada, "why")).ShouldBe(row with { Status = "inactive" });
        Customer(Registered, new CustomerDeactivated(Ada, "why"), new CustomerReactivated(Ada, "why")).ShouldBe(row);
    }

    [Fact]
    public void Order_row_follows_its_events()
    {
        OrderedItem[] items = [new("p-1", "Green Tea", 3), new("p-2", "Teapot", 1)];
        var row = new OrderRow(Order, Ada, "placed", "EUR", 13.50m, "Köln", "DE", items, Start);
        var paid = new OrderPaid(Order, Ada, "EUR", 13.50m, "ref");
        OrderOf(Placed).ShouldBe(row);
        OrderOf(Placed)!.GetHashCode().ShouldBe(row.GetHashCode());
        OrderOf(Placed).ShouldNotBe(row with { Items = [new OrderedItem("p-1", "Green Tea", 3)] });
        OrderOf(Placed, paid).ShouldBe(row with { Status = "paid" });
        OrderOf(Placed, paid, new OrderShipped(Order, Ada, "DHL", "1")).ShouldBe(row with { Status = "shipped" });
        OrderOf(Placed, new OrderCancelled(Order, Ada, "EUR", 13.50m, false, "why")).ShouldBe(row with { Status = "cancelled" });
    }

    [Fact]
    public void Both_are_keyed_by_their_stream()
    {
        new CustomerProjection().KeyOf(At(Registered, Ada)).ShouldBe(Ada);
        new OrderProjection().KeyOf(At(Placed, Order)).ShouldBe(Order);
    }

    // A change of the fields requires a new version of the projection.
    [Fact]
    public void Fields_match_the_projection_version()
    {
        CustomerProjection.Version.ShouldBe(1);
        var customer = new CustomerRow(Ada, "ada.b-1", "Ådä", "O'Brien-Łoś", "ada@example.org", "active", Start);
        CustomerFields.Text.Of(customer).ShouldBe(new Dictionary<string, string>
        {
            ["username"] = "adab1",
            ["names"] = "ada obrien los",
            ["words"] = "ada b 1 | ada obrien los | ada example org",
        });
        OrderProjection.Version.ShouldBe(1);
        OrderFields.Text.Of(OrderOf(Placed)!).ShouldBe(new Dictionary<string, string>
        {
            ["items"] = "green tea | teapot",
            ["words"] = "green tea | teapot | p 1 | p 2 | koln | de | placed",
            ["customer"] = Ada.ToString(),
        });
    }

    private static CustomerRow? Customer(params IEvent[] events) => Fold(new CustomerProjection(), Ada, events);

    private static OrderRow? OrderOf(params IEvent[] events) => Fold(new OrderProjection(), Order, events);

    private static TRow? Fold<TRow>(KeyedProjection<Guid, TRow> projection, Guid stream, IEvent[] events)
        where TRow : class => events.Select((data, i) => At(data, stream, i)).Aggregate((TRow?)null, projection.Apply);

    private static Event At(IEvent data, Guid stream, int minute = 0) => new(
        new LogRecord
        {
            Log = "log",
            Partition = 0,
            Offset = minute,
            EventId = Guid.NewGuid(),
            StreamId = stream,
            StreamVersion = minute + 1,
            Type = data.GetType().Name,
            Data = default,
            OccurredAt = Start.AddMinutes(minute),
        },
        data);
}
