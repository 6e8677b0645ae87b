using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.Benchmarks.Baselines;

/// <summary>
/// The four commands in plain Npgsql: one query for the required state, then state and event in one batch, which is one transaction and
/// one round trip.
/// </summary>
internal sealed class BatchShop(NpgsqlDataSource dataSource) : IShop
{
    private const string InsertEvent =
        "events (stream_id, stream_version, partition, event_id, type, data, occurred_at, actor, correlation_id, causation_id, "
            + "traceparent) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning \"offset\"";

    private const string SelectCustomer = "select username, first_name, last_name, email, status, version, registered_at from "
        + $"{BareSchema.Customers}.customers where id = $1";

    private const string SelectOrder =
        "select customer_id, status, currency, total, items, placed_at, city, country, postal_code, street, version from "
            + $"{BareSchema.Orders}.orders where id = $1";

    public async Task<CustomerAnswer?> RegisterAsync(RegisterBody body)
    {
        await using (
            var query = dataSource.CreateCommand($"select exists (select from {BareSchema.Customers}.customers where username = $1)"))
        {
            query.Parameters.Add(new NpgsqlParameter<string> { TypedValue = body.Username });
            if ((bool)(await query.ExecuteScalarAsync())!)
                return null;
        }

        var now = DateTimeOffset.UtcNow;
        var id = Guid.CreateVersion7(now);
        var insert = Command(
            $"insert into {BareSchema.Customers}.customers (id, username, first_name, last_name, email, status, registered_at, version, "
                + "changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            Of(id), Of(body.Username), Of(body.FirstName), Of(body.LastName), Of(body.Email), Of("active"), Of(now), Of(1L), Of(now));
        var data = JsonSerializer.Serialize(
            new Registered(id, body.Username, body.FirstName, body.LastName, body.Email), BareJson.Default.Registered);
        await CommitAsync(insert, BareSchema.Customers, BareEvent.Of(id, 1, "customer.registered.v1", data, now));
        return new CustomerAnswer(id, body.Username, body.FirstName, body.LastName, body.Email, "active", 1, now, now);
    }

    public async Task<CustomerAnswer?> ChangeAsync(Guid id, ChangeBody body)
    {
        if (await FindCustomerAsync(id) is not { } customer)
            return null;

        var now = DateTimeOffset.UtcNow;
        var changed = customer with { LastName = body.LastName, Version = customer.Version + 1, ChangedAt = now };
        var update = Command(
            $"update {BareSchema.Customers}.customers set last_name = $1, version = $2, changed_at = $3 where id = $4 and version = $5",
            Of(changed.LastName), Of(changed.Version), Of(now), Of(id), Of(customer.Version));
        var data = JsonSerializer.Serialize(new Renamed(id, changed.FirstName, changed.LastName), BareJson.Default.Renamed);
        await CommitAsync(update, BareSchema.Customers, BareEvent.Of(id, changed.Version, "customer.renamed.v1", data, now));
        return changed;
    }

    public async Task<OrderAnswer?> PlaceAsync(PlaceBody body)
    {
        if (await FindBuyerAsync(body.CustomerId) is not { Status: "active" } buyer)
            return null;

        var now = DateTimeOffset.UtcNow;
        var id = Guid.CreateVersion7(now);
        var total = body.Items.Sum(item => item.Quantity * item.UnitPrice);
        var (street, postalCode, city, country) = body.DeliveryAddress;
        var items = new NpgsqlParameter<string>
        {
            TypedValue = JsonSerializer.Serialize(body.Items, BareJson.Default.LineArray),
            NpgsqlDbType = NpgsqlDbType.Jsonb,
        };
        var insert = Command(
            $"insert into {BareSchema.Orders}.orders (id, customer_id, status, currency, total, items, placed_at, city, country, "
                + "postal_code, street, version, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            Of(id), Of(buyer.Id), Of("placed"), Of(body.Currency), Of(total), items, Of(now), Of(city), Of(country), Of(postalCode),
            Of(street), Of(1L), Of(now));
        var data = JsonSerializer.Serialize(
            new Placed(id, buyer.Id, body.Currency, total, body.DeliveryAddress, body.Items), BareJson.Default.Placed);
        await CommitAsync(insert, BareSchema.Orders, BareEvent.Of(id, 1, "order.placed.v1", data, now));
        return new OrderAnswer(id, "placed", buyer, body.Currency, total, body.DeliveryAddress, body.Items, now, now, 1);
    }

    public async Task<OrderAnswer?> PayAsync(Guid id, PayBody body)
    {
        if (await FindOrderAsync(id) is not { Status: "placed" } order)
            return null;
        if (await FindBuyerAsync(order.Customer.Id) is not { } buyer)
            return null;

        var now = DateTimeOffset.UtcNow;
        var paid = order with { Status = "paid", Customer = buyer, Version = order.Version + 1, ChangedAt = now };
        var update = Command(
            $"update {BareSchema.Orders}.orders set status = $1, version = $2, changed_at = $3 where id = $4 and version = $5",
            Of(paid.Status), Of(paid.Version), Of(now), Of(id), Of(order.Version));
        var data = JsonSerializer.Serialize(new Paid(id, buyer.Id, order.Currency, order.Total, body.Reference), BareJson.Default.Paid);
        await CommitAsync(update, BareSchema.Orders, BareEvent.Of(id, paid.Version, "order.paid.v1", data, now));
        return paid;
    }

    private async Task<CustomerAnswer?> FindCustomerAsync(Guid id)
    {
        await using var command = dataSource.CreateCommand(SelectCustomer);
        command.Parameters.Add(Of(id));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync()
            ? new CustomerAnswer(
                id,
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetInt64(5),
                row.GetFieldValue<DateTimeOffset>(6),
                default)
            : null;
    }

    private async Task<Buyer?> FindBuyerAsync(Guid id) =>
        await FindCustomerAsync(id) is { } customer
            ? new Buyer(id, customer.Username, $"{customer.FirstName} {customer.LastName}", customer.Status)
            : null;

    private async Task<OrderAnswer?> FindOrderAsync(Guid id)
    {
        await using var command = dataSource.CreateCommand(SelectOrder);
        command.Parameters.Add(Of(id));
        await using var row = await command.ExecuteReaderAsync();
        return !await row.ReadAsync() ? null : new OrderAnswer(
            id,
            row.GetString(1),
            new Buyer(row.GetGuid(0), "", "", ""),
            row.GetString(2),
            row.GetDecimal(3),
            new DeliveryPlace(row.GetString(9), row.GetString(8), row.GetString(6), row.GetString(7)),
            JsonSerializer.Deserialize(row.GetString(4), BareJson.Default.LineArray)!,
            row.GetFieldValue<DateTimeOffset>(5),
            default,
            row.GetInt64(10));
    }

    private async Task CommitAsync(NpgsqlBatchCommand state, string schema, BareEvent e)
    {
        var data = new NpgsqlParameter<string> { TypedValue = e.Data, NpgsqlDbType = NpgsqlDbType.Json };
        var none = new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
        var noCause = new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };
        var trace = new NpgsqlParameter { Value = (object?)e.Traceparent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(state);
        batch.BatchCommands.Add(Command(
            $"insert into {schema}.{InsertEvent}",
            Of(e.StreamId), Of(e.StreamVersion), Of(e.Partition), Of(e.EventId), Of(e.Type), data, Of(e.OccurredAt), none,
            Of(e.CorrelationId), noCause, trace));
        await batch.ExecuteNonQueryAsync();
        if (state.RecordsAffected != 1)
            throw new InvalidOperationException("Another writer was faster.");
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };
}
