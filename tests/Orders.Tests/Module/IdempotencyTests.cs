using Monolith.Testing;
using Npgsql;

namespace Monolith.Orders.Tests.Module;

/// <summary>A key identifies one request across all modules of the process.</summary>
[Trait("Category", "Module")]
public sealed class IdempotencyTests(OrdersFixture fixture) : OrdersTest(fixture)
{
    private const string Customers = "/api/v1/customers";
    private const string Key = "Idempotency-Key";
    private const string Replayed = "Idempotency-Replayed";
    private const int Keys = 40;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Key_of_another_module_is_refused()
    {
        var registered = await Http.PostJson(Customers, Customer("grace"), Key, "of-customers");
        var placed = await Http.PostJson(Path, Body(), Key, "of-orders");

        var order = await Http.PostJson(Path, Body(), Key, "of-customers");
        var customer = await Http.PostJson(Customers, Customer("joan"), Key, "of-orders");

        (registered.Status, placed.Status).ShouldBe((201, 201));
        (order.Status, order.Slug).ShouldBe((422, "idempotency-key-reused"));
        (customer.Status, customer.Slug).ShouldBe((422, "idempotency-key-reused"));
        (await Http.PostJson(Customers, Customer("grace"), Key, "of-customers")).Response.Headers.Contains(Replayed).ShouldBeTrue();
        (await Http.PostJson(Path, Body(), Key, "of-orders")).Response.Headers.Contains(Replayed).ShouldBeTrue();
        (await Executed()).ShouldBe(2);
    }

    [Fact]
    public async Task Key_of_another_route_of_the_module_is_refused()
    {
        var first = await Placed();
        var second = await Placed();
        const string Paid = """{"reference":"r"}""";

        (await Http.PostJson($"{first}/pay", Paid, Key, "k-1")).Status.ShouldBe(200);

        var other = await Http.PostJson($"{second}/pay", Paid, Key, "k-1");
        (other.Status, other.Slug).ShouldBe((422, "idempotency-key-reused"));
        (await Executed()).ShouldBe(3);
    }

    [Fact]
    public async Task Refused_command_leaves_its_key_free_for_other_modules()
    {
        var refused = await Http.PostJson(Path, Body($"\"{Guid.CreateVersion7()}\""), Key, "k-1");

        (refused.Status, refused.Slug).ShouldBe((422, "customer-unknown"));
        (await Http.PostJson(Customers, Customer("grace"), Key, "k-1")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Key_in_flight_in_another_module_is_refused()
    {
        await using var holder = new NpgsqlConnection(Postgres.ConnectionString);
        await holder.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table customers.customers in access exclusive mode", holder, transaction))
            await hold.ExecuteNonQueryAsync();
        var running = Http.PostJson(Customers, Customer("grace"), Key, "k-1");
        const string Waiting = "select count(*) from pg_locks where relation = 'customers.customers'::regclass and not granted";
        await Eventually.HoldsAsync(
            Timeout, async () => await Postgres.ScalarAsync<long>(Waiting) > 0 ? null : "the registration does not wait yet");

        var order = await Http.PostJson(Path, Body(), Key, "k-1");
        await transaction.RollbackAsync();

        (order.Status, order.Slug).ShouldBe((409, "idempotency-key-in-use"));
        (await running).Status.ShouldBe(201);
        (await Http.PostJson(Path, Body(), Key, "k-1")).Slug.ShouldBe("idempotency-key-reused");
    }

    [Fact]
    public async Task Concurrent_requests_of_two_modules_execute_once_per_key()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Keys).Select(async i =>
        {
            var customer = Http.PostJson(Customers, Customer($"user-{i}"), Key, $"k-{i}");
            var order = Http.PostJson(Path, Body(), Key, $"k-{i}");
            return await Task.WhenAll(customer, order);
        }));

        foreach (var both in answers)
        {
            both.Count(answer => answer.Status == 201).ShouldBe(1);
            both.Single(answer => answer.Status != 201).Slug.ShouldBeOneOf("idempotency-key-in-use", "idempotency-key-reused");
        }

        (await Executed()).ShouldBe(Keys);
    }

    private static string Customer(string username) =>
        $$"""{"username":"{{username}}","firstName":"Grace","lastName":"Hopper","email":"grace@example.org"}""";

    private Task<long> Executed() =>
        Postgres.ScalarAsync<long>("select (select count(*) from orders.events) + (select count(*) from customers.events)");
}
