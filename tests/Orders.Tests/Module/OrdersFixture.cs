using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Modules.Customers;
using Monolith.Modules.Orders;
using Monolith.Testing;

namespace Monolith.Orders.Tests.Module;

/// <summary>The module over a private PostgreSQL; started when the first test needs it, so that unit tests start nothing.</summary>
public sealed class OrdersFixture : IAsyncDisposable
{
    private PostgresFixture? postgres;
    private ModuleHost? host;

    public PostgresFixture Postgres => postgres!;

    public ModuleHost Host => host!;

    public async Task ReadyAsync()
    {
        postgres ??= await PostgresFixture.StartAsync();
        host ??= await StartAsync();
        await postgres.ResetAsync("orders", "orders_read", "customers");
        host.Log.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
    }

    // Customers is here for its schema and its log: no projection carries anything of it to Orders.
    private async Task<ModuleHost> StartAsync()
    {
        var started = await ModuleHost.StartAsync(Postgres.ConnectionString, [new OrdersModule(), new CustomersModule()], builder => builder.Services.AddSingleton(new ReadSchema("Orders")));

        // What the projections keep, where no projection runs.
        await Postgres.ExecuteAsync(
            """
            create table if not exists orders_read.customers (customer_id uuid primary key, username text not null, name text not null, status text not null);
            create table if not exists orders_read.summaries (
                customer_id uuid primary key, username text, name text, status text, orders integer not null, open integer not null, shipped integer not null, cancelled integer not null,
                spent jsonb not null, last_order_at timestamptz);
            alter table orders_read.customers owner to orders_app;
            alter table orders_read.summaries owner to orders_app;
            """);
        return started;
    }
}
