using Monolith.Testing;

namespace Monolith.Orders.Tests.Module;

/// <summary>A test on an empty database, in which Orders knows an active and an inactive customer.</summary>
public abstract class OrdersTest(OrdersFixture fixture) : IAsyncLifetime
{
    protected const string Path = "/api/v1/orders";

    protected static readonly Guid Ada = Guid.Parse("01900000-0000-7000-8000-00000000000a");
    protected static readonly Guid Bob = Guid.Parse("01900000-0000-7000-8000-00000000000b");

    protected PostgresFixture Postgres => fixture.Postgres;

    protected ModuleHost Host => fixture.Host;

    protected HttpClient Http => fixture.Host.Client;

    public async ValueTask InitializeAsync()
    {
        await fixture.ReadyAsync();
        await Postgres.ExecuteAsync(
            $"insert into orders_read.customers values ('{Ada}', 'ada', 'Ada Lovelace', 'active'), ('{Bob}', 'bob', 'Bob', 'inactive')");
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected static string Body(
        string? customerId = null,
        string currency = "\"EUR\"",
        string address = """{"street":"Unter den Linden 1","postalCode":"10117","city":"Berlin","country":"DE"}""",
        string items = """[{"productId":"p-1","name":"Tea","quantity":3,"unitPrice":12.3}]""") =>
        $$"""{"customerId":{{customerId ?? $"\"{Ada}\""}},"currency":{{currency}},"deliveryAddress":{{address}},"items":{{items}}}""";

    /// <summary>Places an order and returns its route.</summary>
    protected async Task<string> Placed()
    {
        var answer = await Http.PostJson(Path, Body());
        answer.Status.ShouldBe(201, answer.Text);
        return answer.Location!;
    }

    protected Task<long> Events() => Postgres.ScalarAsync<long>("select count(*) from orders.events");
}
