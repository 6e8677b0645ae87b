using Monolith.Modules.Customers;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

/// <summary>The module over a private PostgreSQL; started when the first test needs it, so that unit tests start nothing.</summary>
public sealed class CustomersFixture : IAsyncDisposable
{
    private PostgresFixture? postgres;
    private ModuleHost? host;

    public PostgresFixture Postgres => postgres!;

    public ModuleHost Host => host!;

    public HttpClient Http => Host.Client;

    public async Task ReadyAsync()
    {
        postgres ??= await PostgresFixture.StartAsync();
        host ??= await ModuleHost.StartAsync(postgres.ConnectionString, [new CustomersModule()]);
        await postgres.ResetAsync("customers");
        host.Log.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
    }
}
