using System.Text.Json;
using CsCheck;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Orders.Infrastructure;

namespace Monolith.Orders.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class FoldTests
{
    private static readonly Guid Ada = History.CustomerId(1);

    [Fact]
    public void Summaries_do_not_depend_on_the_order_between_streams() =>
        Gen.Select(History.Streams, Gen.Int, Gen.Int).Sample((streams, one, other) =>
            Same(
                Fold(new SummaryProjection(), History.Interleave(streams, one)),
                Fold(new SummaryProjection(), History.Interleave(streams, other))));

    [Fact]
    public void Customers_do_not_depend_on_the_order_between_streams() =>
        Gen.Select(History.Streams, Gen.Int, Gen.Int).Sample((streams, one, other) =>
            Same(
                Fold(new CustomerProjection(), History.Interleave(streams, one)),
                Fold(new CustomerProjection(), History.Interleave(streams, other))));

    [Fact]
    public void Summary_agrees_with_the_orders() => Gen.Select(History.Streams, Gen.Int).Sample((streams, seed) =>
    {
        var rows = Fold(new SummaryProjection(), History.Interleave(streams, seed));
        var orders = streams.Where(stream => stream[0].Data is OrderPlaced).ToLookup(stream => ((OrderPlaced)stream[0].Data).CustomerId);
        foreach (var (customer, row) in rows)
        {
            var mine = orders[customer].ToArray();
            var kept = mine.Where(order => order[^1].Data is not OrderCancelled).ToArray();
            row.Orders.ShouldBe(mine.Length);
            row.Shipped.ShouldBe(mine.Count(order => order[^1].Data is OrderShipped));
            row.Cancelled.ShouldBe(mine.Length - kept.Length);
            row.Open.ShouldBe(row.Orders - row.Shipped - row.Cancelled);
            row.LastOrderAt.ShouldBe(mine.Length == 0 ? null : mine.Max(order => order[0].OccurredAt));
            row.Spent.ShouldBe(kept.Select(order => (OrderPlaced)order[0].Data).GroupBy(placed => placed.Currency)
                .Select(group => new Money(group.Key, group.Sum(placed => placed.Amount))).Where(money => money.Amount != 0)
                    .OrderBy(money => money.Currency, StringComparer.Ordinal));
        }
    });

    [Fact]
    public void Orders_folded_before_their_customer_wait_without_a_name()
    {
        var placed = Order(new OrderPlaced(Guid.Empty, Ada, "EUR", 12.50m, new DeliveryAddress("", "", "", "DE"), []));
        var registered = Customer(new CustomerRegistered(Ada, "ada", "Ada", "Lovelace", "a@b"));

        var early = Fold(new SummaryProjection(), [placed])[Ada];
        early.Username.ShouldBeNull();
        early.Open.ShouldBe(1);

        Fold(new SummaryProjection(), [placed, registered])[Ada].ShouldBe(Fold(new SummaryProjection(), [registered, placed])[Ada]);
    }

    [Fact]
    public void Event_without_effect_keeps_the_row()
    {
        var row = SummaryRow.Empty(Ada);
        new SummaryProjection().Apply(row, Order(new OrderPaid(Guid.Empty, Ada, "EUR", 1m, "ref"))).ShouldBeSameAs(row);
        new SummaryProjection().Apply(row, Customer(new CustomerEmailChanged(Ada, "a@b"))).ShouldBeSameAs(row);
        var customer = new CustomerRow(Ada, "ada", "Ada", CustomerStatus.Active);
        new CustomerProjection().Apply(customer, Customer(new CustomerEmailChanged(Ada, "a@b"))).ShouldBeSameAs(customer);
    }

    [Fact]
    public void Spending_is_a_value()
    {
        var spending = Spending.None.Plus("USD", 1.10m).Plus("EUR", 2.50m).Plus("JPY", 3m);

        spending.Select(money => money.Currency).ShouldBe(["EUR", "JPY", "USD"]);
        spending.Minus("JPY", 3m).Count.ShouldBe(2);
        spending.ShouldBe(Spending.None.Plus("JPY", 3m).Plus("EUR", 2.50m).Plus("USD", 1.10m));

        var json = JsonSerializer.Serialize(spending, SummariesJson.Web.Spending);
        json.ShouldBe("""[{"currency":"EUR","amount":2.50},{"currency":"JPY","amount":3},{"currency":"USD","amount":1.10}]""");
        var read = JsonSerializer.Deserialize(json, SummariesJson.Web.Spending)!;
        read.ShouldBe(spending);
        read.GetHashCode().ShouldBe(spending.GetHashCode());
    }

    private static Event Order(IOrderEvent data) => History.At(data, data.OrderId, 1, 0, OrdersTopic.Name);

    private static Event Customer(ICustomerEvent data) => History.At(data, data.CustomerId, 1, 0, CustomersTopic.Name);

    private static Dictionary<Guid, TRow> Fold<TRow>(KeyedProjection<Guid, TRow> projection, IEnumerable<Event> events)
        where TRow : class
    {
        var rows = new Dictionary<Guid, TRow>();
        foreach (var e in events)
        {
            if (projection.KeyOf(e) is not { } key)
                continue;
            if (projection.Apply(rows.GetValueOrDefault(key), e) is { } row)
                rows[key] = row;
            else
                rows.Remove(key);
        }

        return rows;
    }

    private static bool Same<TRow>(Dictionary<Guid, TRow> one, Dictionary<Guid, TRow> other)
        where TRow : class => one.Count == other.Count && one.All(row => row.Value.Equals(other[row.Key]));
}
