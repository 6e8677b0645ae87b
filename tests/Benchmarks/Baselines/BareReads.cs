using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Monolith.Benchmarks.Baselines;

/// <summary>
/// The baseline of reads: the same rows of the host's own database by the same statements, prepared, in plain minimal-API handlers, written
/// as the same JSON, without code from src/. One process.
/// </summary>
internal static class BareReads
{
    public const string Verb = "bare-reads";

    private const string Customer = "select id, username, first_name, last_name, email, status, version, registered_at, changed_at from "
        + "customers.customers where id = $1";

    private const string Order =
        """
        select o.id, o.status, o.customer_id, c.username, c.name, c.status, o.currency, o.total,
               o.delivery_address_street, o.delivery_address_postal_code, o.delivery_address_city, o.delivery_address_country,
               o.items, o.placed_at, o.changed_at, o.version
        from orders.orders o left join orders_read.customers c on c.customer_id = o.customer_id where o.id = $1
        """;

    /// <summary>Serves requests until shutdown.</summary>
    /// <param name="args">The connection string.</param>
    public static async Task<int> ServeAsync(string[] args)
    {
        var builder = BareServer.Builder();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJson.Default);
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        await using var dataSource = BareServer.DataSource(args[0]);
        await using var app = builder.Build();
        app.MapGet("/api/v1/customers/{id:guid}", (Guid id, HttpResponse response, CancellationToken cancellation) =>
            FindAsync(dataSource, Customer, id, ReadCustomer, found => found.Version, response, cancellation));
        app.MapGet("/api/v1/orders/{id:guid}", (Guid id, HttpResponse response, CancellationToken cancellation) =>
            FindAsync(dataSource, Order, id, ReadOrder, found => found.Version, response, cancellation));
        await BareServer.RunAsync(app);
        return 0;
    }

    private static async Task<IResult> FindAsync<T>(
        NpgsqlDataSource dataSource, string sql, Guid id, Func<NpgsqlDataReader, T> read, Func<T, long> version, HttpResponse response,
        CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
            return Results.NotFound();
        var found = read(row);
        response.Headers.ETag = $"\"{version(found)}\"";
        return Results.Ok(found);
    }

    private static CustomerAnswer ReadCustomer(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt64(6),
        row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8));

    private static OrderAnswer ReadOrder(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), new Buyer(
            row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetString(5)), row.GetString(6), row.GetDecimal(7),
        new DeliveryPlace(row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11)),
        JsonSerializer.Deserialize(
            row.GetString(12),
            BareJson.Default.LineArray)!, row.GetFieldValue<DateTimeOffset>(13), row.GetFieldValue<DateTimeOffset>(14), row.GetInt64(15));
}
