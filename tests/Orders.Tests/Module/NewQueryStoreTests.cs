using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Customers;
using Monolith.Modules.Orders;
using Monolith.Orders.Tests.EmailDomains;
using Monolith.Testing;

namespace Monolith.Orders.Tests.Module;

/// <summary>A query store with a text key that is added to a module whose log already holds events.</summary>
[Trait("Category", "Module")]
public sealed class NewQueryStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);
    private static readonly string[] Domains = ["example.org", "Example.org", "mail.example.org", "xn--bcher-kva.example", "äö.example"];

    private PostgresFixture? postgres;
    private int written;

    // A separate database, because generations remain after the test.
    private PostgresFixture Postgres => postgres!;

    public async ValueTask InitializeAsync() => postgres = await PostgresFixture.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
            await postgres.DisposeAsync();
    }

    [Fact]
    public async Task New_store_is_built_from_offset_0_at_start()
    {
        await using (var before = await ModuleHost.StartAsync(Postgres.ConnectionString, [new CustomersModule(), new OrdersModule()]))
            await WriteAsync(before, 60);
        var events = await Postgres.ScalarAsync<long>("select count(*) from customers.events");

        await using var host = await StartWithStoreAsync();
        var store = host.Services.GetRequiredKeyedService<IProjectionControl>("orders.domains");
        await UntilLiveAsync(store, 1);
        (await RowsAsync()).ShouldBe(await ExpectedRowsAsync());
        (await RowsAsync()).Count.ShouldBe(Domains.Length - 1, "two of the domains are one");
        (await Postgres.ScalarAsync<long>("select count(*) from customers.events")).ShouldBe(events, "it only reads");

        await WriteAsync(host, 20);
        await Eventually.HoldsAsync(
            Timeout, async () =>
                (await RowsAsync()).SequenceEqual(await ExpectedRowsAsync()) ? null : "it follows what is written from then on");

        await UntilDoneAsync(
            store, await store.RebuildAsync(new RebuildRequest(Promotion.Auto, null, null), "test", CancellationToken.None));
        await UntilLiveAsync(store, 2);
        (await RowsAsync()).ShouldBe(await ExpectedRowsAsync());

        var verified = await UntilDoneAsync(store, await store.VerifyAsync("test", CancellationToken.None));
        verified.Result!.Value.GetProperty("matches").GetBoolean().ShouldBeTrue(verified.Detail);
        verified.Result!.Value.GetProperty("rows").GetInt64().ShouldBe((await RowsAsync()).Count);
    }

    [Fact]
    public async Task Verify_names_a_row_that_was_changed_by_hand()
    {
        await using var host = await StartWithStoreAsync();
        await WriteAsync(host, 10);
        var store = host.Services.GetRequiredKeyedService<IProjectionControl>("orders.domains");
        await UntilLiveAsync(store, 1);
        await Eventually.HoldsAsync(
            Timeout, async () => (await RowsAsync()).SequenceEqual(await ExpectedRowsAsync()) ? null : "it is current");

        await Postgres.ExecuteAsync("update orders_read.domains_g1 set joined = joined + 1 where domain = 'example.org'");

        var verified = await UntilDoneAsync(store, await store.VerifyAsync("test", CancellationToken.None));
        verified.Result!.Value.GetProperty("differences").EnumerateArray().Select(difference => difference.GetProperty("key").GetString())
            .ShouldBe(["example.org"]);
    }

    private Task<ModuleHost> StartWithStoreAsync() =>
        ModuleHost.StartAsync(Postgres.ConnectionString, [new CustomersModule(), new OrdersModule()], builder =>
    {
        builder.AddModules(new DomainsModule());
        builder.Services.AddInProcessTransport();
    });

    /// <summary>Registers customers; every third changes to another domain, every fourth keeps its domain.</summary>
    private async Task WriteAsync(ModuleHost host, int customers)
    {
        for (var i = 0; i < customers; i++)
        {
            var number = written++;
            var domain = Domains[number % Domains.Length];
            var customer = await host.Client.PostJson(
                "/api/v1/customers",
                $$"""{"username":"user{{number}}","firstName":"A","lastName":"B","email":"first{{number}}@{{domain}}"}""");
            customer.Status.ShouldBe(201, customer.Text);
            if (number % 3 == 0)
                await ChangeAsync(host, customer.Location!, $"second{number}@{Domains[(number + 1) % Domains.Length]}");
            if (number % 4 == 0)
                await ChangeAsync(host, customer.Location!, $"third{number}@{domain}");
        }
    }

    private static async Task ChangeAsync(ModuleHost host, string customer, string email)
    {
        var changed = await host.Client.PatchJson(customer, $$"""{"email":"{{email}}"}""");
        changed.Status.ShouldBe(200, changed.Text);
    }

    private Task<List<string>> RowsAsync() =>
        Postgres.QueryAsync<string>("select domain || ' ' || joined from orders_read.domains order by domain collate \"C\"");

    /// <summary>The expected rows, computed by SQL over the log without the fold.</summary>
    private Task<List<string>> ExpectedRowsAsync() => Postgres.QueryAsync<string>(
        """
        select domain || ' ' || count(*) from (
            select lower(substring(data->>'email' from '[^@]*$')) as domain from customers.events where type in ('customer.registered.v1', 'customer.email-changed.v1')
        ) addresses group by domain order by domain collate "C"
        """);

    private static Task UntilLiveAsync(IProjectionControl store, int generation) => Eventually.HoldsAsync(Timeout, async () =>
        (await store.ReportAsync(CancellationToken.None)).Live == generation ? null : $"generation {generation} is not live yet");

    private static async Task<Operation> UntilDoneAsync(IProjectionControl store, Result<Operation> begun)
    {
        begun.Error.ShouldBeNull();
        var operation = begun.Value;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            operation = (await store.OperationAsync(operation.Id, CancellationToken.None))!;
            return operation.State == OperationState.Running ? $"{operation.Kind} runs" : null;
        });
        operation.State.ShouldBe(OperationState.Done, operation.Detail);
        return operation;
    }
}
