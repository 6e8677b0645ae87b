using System.Globalization;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Analytics.Tests.Logs;

/// <summary>The figures of all reports, folded from events without the module. A row is a string.</summary>
internal sealed class PlainFold
{
    private readonly Dictionary<Guid, DateTimeOffset> registered = [];
    private readonly Dictionary<Guid, Sale> sales = [];

    public PlainFold(IEnumerable<(IEvent Data, DateTimeOffset At)> events)
    {
        foreach (var (data, at) in events)
        {
            switch (data)
            {
                case CustomerRegistered e: registered.Add(e.CustomerId, at); break;
                case OrderPlaced e: sales.Add(e.OrderId, new Sale(e, at)); break;
                case OrderPaid e: sales[e.OrderId].Paid = at; break;
                case OrderShipped e: sales[e.OrderId].Shipped = at; break;
                case OrderCancelled e: sales[e.OrderId].Cancelled = at; break;
            }
        }
    }

    public IEnumerable<string> Currencies => sales.Values.Select(sale => sale.Order.Currency).Distinct();

    public IEnumerable<string> Revenue(string property, DateTimeOffset? start, DateTimeOffset? end, string? currency) =>
        from sale in Sales(start, end, currency)
        where sale.Cancelled is null
        from line in sale.Order.Items
        group (sale, line) by (Key: KeyOf(property, sale, line), sale.Order.Currency) into lines
        let amount = lines.Sum(entry => entry.line.Quantity * entry.line.UnitPrice)
        let orders = lines.Select(entry => entry.sale).Distinct().Count()
        let units = lines.Sum(entry => entry.line.Quantity)
        select $"{lines.Key.Key}|{lines.Key.Currency}|{Money(amount, lines.Key.Currency)}|{orders}|{units}";

    public IEnumerable<string> Orders(string property, DateTimeOffset? start, DateTimeOffset? end, string? currency) =>
        from sale in Sales(start, end, currency)
        group sale by (Key: KeyOf(property, sale, null), sale.Order.Currency) into orders
        let amount = Money(orders.Sum(sale => sale.Order.Amount), orders.Key.Currency)
        let cancelled = orders.Count(sale => sale.Cancelled is not null)
        let units = orders.Sum(sale => sale.Order.Items.Sum(line => line.Quantity))
        select $"{orders.Key.Key}|{orders.Key.Currency}|{amount}|{orders.Count()}|{cancelled}|{units}";

    public IEnumerable<string> Funnel(DateTimeOffset? start, DateTimeOffset? end, string? currency)
    {
        foreach (var orders in Sales(start, end, currency).GroupBy(sale => sale.Order.Currency))
        {
            yield return $"{orders.Key}|placed|{orders.Count()}||";
            var paid = orders.Where(sale => sale.Paid is not null).Select(sale => sale.Paid!.Value - sale.At).ToList();
            yield return $"{orders.Key}|paid|{paid.Count}|{Quantile(paid, 0.5)}|{Quantile(paid, 0.95)}";
            var shipped = orders.Where(sale => sale.Shipped is not null).Select(sale => sale.Shipped!.Value - sale.Paid!.Value).ToList();
            yield return $"{orders.Key}|shipped|{shipped.Count}|{Quantile(shipped, 0.5)}|{Quantile(shipped, 0.95)}";
        }
    }

    public IEnumerable<string> Cohorts(DateTimeOffset? start, DateTimeOffset? end, string? currency)
    {
        var members = registered
            .Where(customer => (start is null || customer.Value >= start) && (end is null || customer.Value < end))
            .ToDictionary();
        foreach (var month in members.GroupBy(customer => Text(customer.Value, "yyyy-MM")))
        {
            var ids = month.Select(customer => customer.Key).ToHashSet();
            var spent = Sales(null, null, currency)
                .Where(sale => sale.Cancelled is null && ids.Contains(sale.Order.CustomerId))
                .GroupBy(sale => sale.Order.Currency)
                .ToList();
            if (spent.Count == 0)
                yield return $"{month.Key}||{ids.Count}|0|0|0";
            foreach (var orders in spent)
            {
                var revenue = Money(orders.Sum(sale => sale.Order.Amount), orders.Key);
                var buyers = orders.Select(sale => sale.Order.CustomerId).Distinct().Count();
                yield return $"{month.Key}|{orders.Key}|{ids.Count}|{revenue}|{buyers}|{orders.Count()}";
            }
        }
    }

    private IEnumerable<Sale> Sales(DateTimeOffset? start, DateTimeOffset? end, string? currency) =>
        sales.Values.Where(sale => (start is null || sale.At >= start) && (end is null || sale.At < end) && (
            currency is null || sale.Order.Currency == currency));

    private static string KeyOf(string property, Sale sale, OrderLine? line) => property switch
    {
        "day" => Text(sale.At, "yyyy-MM-dd"),
        "month" => Text(sale.At, "yyyy-MM"),
        "product" => line!.ProductId,
        "customer" => sale.Order.CustomerId.ToString(),
        "city" => sale.Order.DeliveryAddress.City,
        "country" => sale.Order.DeliveryAddress.Country,
        _ => StatusOf(sale),
    };

    private static string StatusOf(Sale sale) => sale switch
    {
        { Cancelled: not null } => "cancelled",
        { Shipped: not null } => "shipped",
        { Paid: not null } => "paid",
        _ => "placed",
    };

    // The linear interpolation between the two nearest values, in seconds with six digits.
    private static string Quantile(List<TimeSpan> times, double quantile)
    {
        if (times.Count == 0)
            return "";
        var sorted = times.Select(time => (double)(time.Ticks / TimeSpan.TicksPerMicrosecond)).Order().ToArray();
        var rank = quantile * (sorted.Length - 1);
        var (low, high) = (sorted[(int)Math.Floor(rank)], sorted[(int)Math.Ceiling(rank)]);
        return Seconds((low + ((high - low) * (rank - Math.Floor(rank)))) / 1_000_000);
    }

    public static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Money(decimal amount, string currency) =>
        amount.ToString(currency switch { "JPY" => "0", "KWD" => "0.000", _ => "0.00" }, CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Sale(OrderPlaced order, DateTimeOffset at)
    {
        public OrderPlaced Order { get; } = order;

        public DateTimeOffset At { get; } = at;

        public DateTimeOffset? Paid { get; set; }

        public DateTimeOffset? Shipped { get; set; }

        public DateTimeOffset? Cancelled { get; set; }
    }
}
