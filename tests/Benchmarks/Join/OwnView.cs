using System.Diagnostics;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;
using Npgsql;

namespace Monolith.Benchmarks.Join;

/// <summary>Orders' own view of customers, maintained by the running host.</summary>
internal sealed class OwnView(
    NpgsqlConnection connection, KeepAliveConnection http, int postmasterId, IReadOnlyList<Guid> customers, OrderQuery query)
    : IAsyncDisposable
{
    // The query of the host for an order.
    private const string SelectOrder =
        """
        select o.id, o.status, o.customer_id, c.username, c.name, c.status, o.currency, o.total,
            o.delivery_address_street, o.delivery_address_postal_code, o.delivery_address_city, o.delivery_address_country, o.items, o.placed_at, o.changed_at, o.version
        from orders.orders o left join orders_read.customers c on c.customer_id = o.customer_id where o.id = $1
        """;

    // The statements of the host's projection for one row and one checkpoint.
    private const string Change =
        """
        with step as (update orders_read.checkpoints set updated_at = now() where projection = 'orders.customers' and partition = 0)
        insert into orders_read.customers_g1 (customer_id, username, name, status) select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
        on conflict (customer_id) do update set username = excluded.username, name = excluded.name, status = excluded.status
        """;

    private int at;

    public List<double> Freshness { get; } = [];

    public List<double> ChangeSeconds { get; } = [];

    public List<double> ChangeCpu { get; } = [];

    public List<double> ChangeWal { get; } = [];

    public OrderQuery Query { get; } = query;

    public static async Task<OwnView> OpenAsync(Database database, KeepAliveConnection http, Stage stage, CancellationToken cancellation)
    {
        var connection = await database.OpenAsync(cancellation);
        var customers = await RandomIds.OfAsync(connection, "customers.customers", stage.Scale.Queries, cancellation);
        var orders = await RandomIds.OfAsync(connection, "orders.orders", stage.Scale.Queries, cancellation);
        return new OwnView(connection, http, stage.PostmasterId, customers, new OrderQuery(connection, SelectOrder, orders));
    }

    public async Task WarmUpAsync(Scale scale, CancellationToken cancellation)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < scale.WarmUp / 2;)
            await ChangeOverHttpAsync(cancellation);
        await Query.WarmUpAsync(scale.WarmUp / 2, cancellation);
    }

    public async Task RunRoundAsync(Scale scale, CancellationToken cancellation)
    {
        for (var i = 0; i < scale.Changes; i++)
            Freshness.Add(await ChangeOverHttpAsync(cancellation));

        var cost = await PostgresCost.OfAsync(
            connection,
            postmasterId,
            async () =>
            {
                for (var i = 0; i < scale.Queries; i++)
                    ChangeSeconds.Add(await ChangeRowAsync(cancellation));
            },
            cancellation);
        ChangeCpu.Add(cost.Cpu / scale.Queries);
        ChangeWal.Add(cost.Wal / scale.Queries);
        await Query.RunRoundAsync(scale.Queries, cancellation);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>Changes a name through the host.</summary>
    /// <returns>The seconds from the response until the view shows it.</returns>
    private async Task<double> ChangeOverHttpAsync(CancellationToken cancellation)
    {
        var customer = customers[at++ % customers.Count];
        var answer = await http.SendAsync("PATCH", $"/api/v1/customers/{customer}", $$"""{"lastName":"Change-{{at}}"}""", cancellation);
        var answered = Stopwatch.GetTimestamp();
        if (!answer.IsSuccess)
            throw new InvalidOperationException($"A change was answered with {answer.Status}.");

        await using var look = new NpgsqlCommand("select name = $2 from orders_read.customers where customer_id = $1", connection)
        {
            Parameters =
                { new NpgsqlParameter<Guid> { TypedValue = customer }, new NpgsqlParameter<string> { TypedValue = $"Zoë Change-{at}" } },
        };
        while (!(bool)(await look.ExecuteScalarAsync(cancellation))!)
            cancellation.ThrowIfCancellationRequested();
        return Stopwatch.GetElapsedTime(answered).TotalSeconds;
    }

    private async Task<double> ChangeRowAsync(CancellationToken cancellation)
    {
        var customer = customers[at++ % customers.Count];
        await using var change = new NpgsqlCommand(Change, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = [customer] },
                new NpgsqlParameter<string[]> { TypedValue = [$"customer.{at}"] },
                new NpgsqlParameter<string[]> { TypedValue = [$"Zoë Row-{at}"] },
                new NpgsqlParameter<string[]> { TypedValue = ["active"] },
            },
        };
        await change.PrepareAsync(cancellation);
        var began = Stopwatch.GetTimestamp();
        await change.ExecuteNonQueryAsync(cancellation);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
