using System.Globalization;
using Npgsql;

namespace Monolith.System.Tests.Verification;

/// <summary>Compares the state tables and the query stores, row by row, with the tests' own folds of the logs.</summary>
internal static class ReadModels
{
    public static async Task ShouldEqualFoldsAsync(NpgsqlDataSource database, WrittenLog customersLog, WrittenLog ordersLog)
    {
        var (customers, orders) = (CustomerState.Fold(customersLog.Events), OrderState.Fold(ordersLog.Events));
        Table.ShouldBe(
            "customers.customers",
            await Table.ReadAsync(database, "select id, username, first_name, last_name, email, status, version from customers.customers"),
            customers.ToDictionary(
                c => c.Key,
                c => Table.Row(c.Value.Username, c.Value.FirstName, c.Value.LastName, c.Value.Email, c.Value.Status, c.Value.Version)));
        Table.ShouldBe(
            "orders.orders",
            await Table.ReadAsync(
                database, "select id, customer_id, currency, trim_scale(total), placed_at, status, version from orders.orders"),
            orders.ToDictionary(
                o => o.Key,
                o =>
                    Table.Row(
                        o.Value.Customer, o.Value.Currency, Plain(o.Value.Total), o.Value.PlacedAt, o.Value.Status, o.Value.Version)));
        await QueryStoresShouldEqualFoldsAsync(database, customers, orders);
    }

    /// <summary>The same for the query stores only, for events that no use case wrote.</summary>
    public static Task QueryStoresShouldEqualFoldsAsync(
        NpgsqlDataSource database, IEnumerable<LoggedEvent> customerEvents, IEnumerable<LoggedEvent> orderEvents) =>
        QueryStoresShouldEqualFoldsAsync(database, CustomerState.Fold(customerEvents), OrderState.Fold(orderEvents));

    private static async Task QueryStoresShouldEqualFoldsAsync(
        NpgsqlDataSource database, Dictionary<Guid, CustomerState> customers, Dictionary<Guid, OrderState> orders)
    {
        Table.ShouldBe(
            "orders_read.customers",
            await Table.ReadAsync(database, "select customer_id, username, name, status from orders_read.customers"),
            customers.ToDictionary(c => c.Key, c => Table.Row(c.Value.Username, c.Value.Name, c.Value.Status)));
        Table.ShouldBe("orders_read.summaries", await SummariesAsync(database), Summaries(customers, orders.Values));
    }

    private static Task<Dictionary<Guid, string>> SummariesAsync(NpgsqlDataSource database) => Table.ReadAsync(
        database,
        """
        select customer_id, username, name, status, orders, open, shipped, cancelled, last_order_at,
            (select string_agg(m.currency || ' ' || trim_scale(m.amount), ', ' order by m.currency collate "C") from jsonb_to_recordset(spent) as m (currency text, amount numeric))
        from orders_read.summaries
        """);

    private static Dictionary<Guid, string> Summaries(Dictionary<Guid, CustomerState> customers, IEnumerable<OrderState> orders)
    {
        var byCustomer = orders.ToLookup(order => order.Customer);
        return customers.Values.ToDictionary(customer => customer.Id, customer =>
        {
            var own = byCustomer[customer.Id].ToArray();
            return Table.Row(
                customer.Username, customer.Name, customer.Status, own.Length, own.Count(
                    o => o.Status is "placed" or "paid"), own.Count(o => o.Status == "shipped"),
                own.Count(o => o.Status == "cancelled"), own.Length == 0 ? null : own.Max(o => o.PlacedAt), Spent(own));
        });
    }

    // Sums of zero are not listed.
    private static string? Spent(OrderState[] orders)
    {
        var sums = orders.Where(order => order.Status != "cancelled").GroupBy(order => order.Currency, order => order.Total)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Currency: group.Key, Sum: group.Sum()))
            .Where(sum => sum.Sum != 0)
            .Select(sum => $"{sum.Currency} {Plain(sum.Sum)}").ToArray();
        return sums.Length == 0 ? null : string.Join(", ", sums);
    }

    private static string Plain(decimal amount) => amount.ToString("0.####", CultureInfo.InvariantCulture);
}
