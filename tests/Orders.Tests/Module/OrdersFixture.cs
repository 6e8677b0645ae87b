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

    // Customers provides only its schema and log: no projection runs.
    private async Task<ModuleHost> StartAsync()
    {
        await ModuleHost.BuildStoresAsync(Postgres.ConnectionString, new OrdersModule(), new CustomersModule());
        return await ModuleHost.StartAsync(Postgres.ConnectionString, [new OrdersModule(), new CustomersModule()]);
    }
}
