using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Join;

/// <summary>Fills the host's state from its log, and creates the tables and the view of the former design with the same rows.</summary>
internal static class JoinSchema
{
    public const string View = "old_orders.orders_with_customers";
    public const string Customers = "old_customers.customers";

    private const string State =
        """
        insert into customers.customers (id, username, first_name, last_name, email, status, registered_at, version, changed_at)
            select stream_id, data->>'username', data->>'firstName', data->>'lastName', data->>'email', 'active', occurred_at, 1, occurred_at from customers.events;
        insert into orders.orders (id, customer_id, status, currency, total, items, placed_at, delivery_address_city, delivery_address_country, delivery_address_postal_code, delivery_address_street, version, changed_at)
            select gen_random_uuid(), id, 'placed', 'EUR', 249.90, '[{"productId":"P-1","name":"Espresso machine","quantity":1,"unitPrice":249.90}]', registered_at, 'Berlin', 'DE', '10115', 'Hauptstraße 1', 1, registered_at
            from customers.customers;
        """;

    private static readonly string Before =
        $"""
        create schema old_customers;
        create table {Customers} (like customers.customers including all);
        insert into {Customers} select * from customers.customers;
        create schema old_orders;
        create table old_orders.orders (like orders.orders including all);
        insert into old_orders.orders select * from orders.orders;
        create materialized view {View} as
            select o.id, o.status, o.customer_id, c.username, c.first_name || ' ' || c.last_name as name, c.status as customer_status, o.currency, o.total,
                o.delivery_address_street, o.delivery_address_postal_code, o.delivery_address_city, o.delivery_address_country, o.items, o.placed_at, o.changed_at, o.version
            from old_orders.orders o join {Customers} c on c.id = o.customer_id;
        create unique index on {View} (id);
        """;

    public static async Task FillAsync(Database database, CancellationToken cancellation)
    {
        await database.ExecuteAsync(State, cancellation);
        await database.ExecuteAsync(Before, cancellation);
    }
}
