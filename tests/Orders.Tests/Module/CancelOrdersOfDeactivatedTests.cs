using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Reactors;
using Monolith.Modules.Customers;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders;
using Monolith.Modules.Orders.Application;
using Monolith.Testing;
using Npgsql;

namespace Monolith.Orders.Tests.Module;

[Trait("Category", "Module")]
public sealed class CancelOrdersOfDeactivatedTests(OrdersFixture fixture) : OrdersTest(fixture)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Guid correlation = Guid.CreateVersion7();

    [Fact]
    public async Task Only_placed_orders_of_the_customer_are_cancelled()
    {
        var (placed, paid, shipped, cancelled) = (await Placed(), await Placed(), await Placed(), await Placed());
        await Pay(paid);
        await Pay(shipped);
        (await Http.PostJson($"{shipped}/ship", """{"carrier":"DHL","trackingNumber":"1"}""")).Status.ShouldBe(200);
        (await Http.PostJson($"{cancelled}/cancel", """{"reason":"mine"}""")).Status.ShouldBe(200);
        var happened = await DeactivateAsync(Ada);

        await ReactAsync(happened);
        await ReactAsync(happened);

        (await Statuses(placed, paid, shipped, cancelled)).ShouldBe(["cancelled", "paid", "shipped", "cancelled"]);
        (
            await Postgres.QueryAsync<string>(
                "select concat_ws(' ', type, stream_version, actor, causation_id, correlation_id, data ->> 'reason') from orders.events "
                    + "where actor is not null"))
            .ShouldBe(
                [
                    $"order.cancelled.v1 2 reactor:{CancelOrdersOfDeactivatedCustomers.Name} {happened.Id} {correlation} customer "
                        + "deactivated"
                ]);
    }

    [Fact]
    public async Task Order_paid_just_before_its_cancellation_stays()
    {
        var order = await Placed();
        var happened = await DeactivateAsync(Ada);

        await ReactAsync(happened, new BeforeCancelling(Orders, () => Pay(order)));

        (await Statuses(order)).ShouldBe(["paid"]);
    }

    [Fact]
    public async Task Only_orders_from_before_the_deactivation_are_cancelled()
    {
        var before = await Placed();
        var happened = await DeactivateAsync(Ada);
        await SetStatus(Ada, "active");
        var after = await Placed();

        await ReactAsync(happened);

        (await Statuses(before, after)).ShouldBe(["cancelled", "placed"]);
    }

    [Fact]
    public async Task Reactor_waits_for_orders_in_open_transactions()
    {
        var connection = await Postgres.Superuser.OpenConnectionAsync();
        await using var closing = connection;
        await using var writing = await connection.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand(Insert(Ada), connection))
            await insert.ExecuteNonQueryAsync();
        var happened = await DeactivateAsync(Ada);
        var waits = new TaskCompletionSource();

        var reaction = ReactAsync(happened, new BeforeWaiting(Orders, waits.SetResult));
        await waits.Task.WaitAsync(Timeout);
        reaction.IsCompleted.ShouldBeFalse();
        await writing.CommitAsync();

        await reaction.WaitAsync(Timeout);
        (await Postgres.QueryAsync<string>("select status from orders.orders")).ShouldBe(["cancelled"]);
    }

    [Fact]
    public async Task Insert_refuses_an_order_decided_on_stale_data()
    {
        await using var late = await ModuleHost.StartAsync(
            Postgres.ConnectionString, [new OrdersModule(), new CustomersModule()], builder =>
                builder.Services.Replace(ServiceDescriptor.Singleton<ICustomerDirectory>(new OldView())));

        var answer = await late.Client.PostJson(Path, Body($"\"{Bob}\""));

        (answer.Status, answer.Slug).ShouldBe((422, "customer-inactive"));
        (await Events()).ShouldBe(0);
        (await Postgres.ScalarAsync<long>("select count(*) from orders.orders")).ShouldBe(0);
        (await Postgres.ScalarAsync<long>("select sum(next_offset)::bigint from orders.partitions")).ShouldBe(0);
    }

    private IPlacedOrders Orders => Host.Services.GetRequiredService<IPlacedOrders>();

    private static string Insert(Guid customer) =>
        $$"""
        insert into orders.orders (id, customer_id, status, currency, total, items, placed_at, delivery_address_city, delivery_address_country, delivery_address_postal_code, delivery_address_street, version, changed_at)
        values (gen_random_uuid(), '{{customer}}', 'placed', 'EUR', 1, '[]', now() + interval '1 hour', 'Berlin', 'DE', '10117', 'Unter den Linden 1', 1, now())
        """;

    private async Task Pay(string order) => (await Http.PostJson($"{order}/pay", """{"reference":"r"}""")).Status.ShouldBe(200);

    private Task<int> SetStatus(Guid customer, string status) =>
        Postgres.ExecuteAsync($"update orders_read.customers set status = '{status}' where customer_id = '{customer}'");

    private async Task<Event> DeactivateAsync(Guid customer)
    {
        await SetStatus(customer, "inactive");
        var data = new CustomerDeactivated(customer, "any");
        return new Event(
            new LogRecord
            {
                Log = CustomersTopic.Name, Partition = 0, Offset = 1, EventId = Guid.CreateVersion7(), StreamId = customer,
                StreamVersion = 2, Type = "customer.deactivated.v1", Data = default,
                OccurredAt = await Postgres.ScalarAsync<DateTime>("select clock_timestamp()"), CorrelationId = correlation,
            },
            data);
    }

    private Task ReactAsync(Event happened, IPlacedOrders? orders = null)
    {
        var scopes = Host.Services.GetRequiredService<IServiceScopeFactory>();
        var reaction = new Reaction(CancelOrdersOfDeactivatedCustomers.Name, happened, scopes);
        return new CancelOrdersOfDeactivatedCustomers(orders ?? Orders, new SeenAlready()).ReactAsync(reaction, CancellationToken.None);
    }

    private async Task<string[]> Statuses(params string[] orders)
    {
        var statuses = new List<string>();
        foreach (var order in orders)
            statuses.Add((string)(await Http.GetJson(order)).Json["status"]!);
        return [.. statuses];
    }

    private sealed class SeenAlready : IReadModelGate
    {
        public Task<Error?> WaitAsync(
            IReadOnlyList<string> readModels, IReadOnlyList<LogOffset> places, TimeSpan atMost, CancellationToken cancellation) =>
            Task.FromResult<Error?>(null);
    }

    private sealed class OldView : ICustomerDirectory
    {
        public Task<OrderCustomer> Find(Guid customerId, CancellationToken cancellation) =>
            Task.FromResult(new OrderCustomer(customerId, "bob", "Bob", "active"));
    }

    /// <summary>Runs an action between the query for the orders and their cancellation.</summary>
    private sealed class BeforeCancelling(IPlacedOrders orders, Func<Task> happens) : IPlacedOrders
    {
        private bool happened;

        public async Task<IReadOnlyList<PlacedOrder>> LeftBehind(
            Guid customerId, DateTimeOffset deactivatedAt, CancellationToken cancellation)
        {
            var found = await orders.LeftBehind(customerId, deactivatedAt, cancellation);
            if (!happened)
                await happens();
            happened = true;
            return found;
        }

        public Task WritersDone(CancellationToken cancellation) => orders.WritersDone(cancellation);
    }

    /// <summary>Signals when the reactor starts to wait for writers.</summary>
    private sealed class BeforeWaiting(IPlacedOrders orders, Action waits) : IPlacedOrders
    {
        public Task<IReadOnlyList<PlacedOrder>> LeftBehind(Guid customerId, DateTimeOffset deactivatedAt, CancellationToken cancellation) =>
            orders.LeftBehind(customerId, deactivatedAt, cancellation);

        public Task WritersDone(CancellationToken cancellation)
        {
            waits();
            return orders.WritersDone(cancellation);
        }
    }
}
