using System.Globalization;
using Monolith.BuildingBlocks.Events;
using Monolith.System.Tests.Verification;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.System.Tests.Rebuilds;

/// <summary>
/// Histories copied into the logs, faster than commands could create them. Use it only while no host runs: only the logs and the read
/// side contain them.
/// </summary>
internal sealed class SeededLog(NpgsqlDataSource database)
{
    private const int RenamesOfEach = 5;
    private const int OrdersOfEach = 2;

    /// <summary>The events of a customer and its orders.</summary>
    private const int EventsOfEach = 1 + RenamesOfEach + (OrdersOfEach * 2);

    private readonly DateTimeOffset start = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly Dictionary<Guid, long> versions = [];
    private readonly Dictionary<string, List<Entry>> pending = new() { ["customers"] = [], ["orders"] = [] };
    private int added;

    /// <summary>Adds an event to a stream.</summary>
    public void Add(string module, Guid stream, string type, string data)
    {
        var version = versions.GetValueOrDefault(stream) + 1;
        versions[stream] = version;
        pending[module].Add(new Entry(stream, version, type, data, start.AddMilliseconds(added++)));
    }

    /// <summary>Adds a newly registered customer.</summary>
    public Guid AddCustomer()
    {
        var customer = Guid.CreateVersion7(start.AddMilliseconds(added));
        var username = string.Create(CultureInfo.InvariantCulture, $"seeded-{added}");
        Add(
            "customers",
            customer,
            "customer.registered.v1",
            $$"""{"customerId":"{{customer}}","username":"{{username}}","firstName":"Zoë","lastName":"Møller","email":"{{username}}@example.org"}""");
        return customer;
    }

    /// <summary>Adds a change of a customer's name.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="lastName">The name as JSON text.</param>
    public void AddRename(Guid customer, string lastName) =>
        Add(
            "customers",
            customer,
            "customer.renamed.v1",
            $$"""{"customerId":"{{customer}}","firstName":"Zoë","lastName":"{{lastName}}"}""");

    /// <summary>Adds customers with their renames and orders, up to a total number of events.</summary>
    public void AddMany(int events)
    {
        for (var i = 0; i < events / EventsOfEach; i++)
        {
            var customer = AddCustomer();
            for (var order = 0; order < OrdersOfEach; order++)
                AddOrder(customer, shipped: (i + order) % 2 == 0);
            for (var rename = 0; rename < RenamesOfEach; rename++)
                AddRename(customer, string.Create(CultureInfo.InvariantCulture, $"Møller-{rename}"));
        }
    }

    /// <summary>Appends the added events.</summary>
    public async Task WriteAsync()
    {
        foreach (var (module, entries) in pending)
        {
            await WriteAsync(module, entries);
            entries.Clear();
        }
    }

    private void AddOrder(Guid customer, bool shipped)
    {
        var order = Guid.CreateVersion7(start.AddMilliseconds(added));
        Add("orders", order, "order.placed.v1", $$"""
            {"orderId":"{{order}}","customerId":"{{customer}}","currency":"EUR","amount":36.90,"deliveryAddress":{"street":"Street 1","postalCode":"10117","city":"Berlin","country":"DE"},"items":[{"productId":"p-1","name":"Tee","quantity":3,"unitPrice":12.30}]}
            """);
        if (shipped)
            Add(
                "orders",
                order,
                "order.shipped.v1",
                $$"""{"orderId":"{{order}}","customerId":"{{customer}}","carrier":"DHL","trackingNumber":"1"}""");
        else
            Add(
                "orders",
                order,
                "order.cancelled.v1",
                $$"""{"orderId":"{{order}}","customerId":"{{customer}}","currency":"EUR","amount":36.90,"wasPaid":false,"reason":"no"}""");
    }

    private async Task WriteAsync(string module, List<Entry> entries)
    {
        await using var connection = await database.OpenConnectionAsync();
        // This mode bypasses the trigger that assigns offsets. They are assigned here instead.
        await ExecuteAsync(connection, "set session_replication_role = replica");
        long[] next = [.. await WrittenLog.CountersAsync(database, module)];
        await using (var copy = await connection.BeginBinaryImportAsync(
            $"""copy {module}.events (partition, "offset", event_id, stream_id, stream_version, type, data, occurred_at, correlation_id) from stdin (format binary)"""))
        {
            foreach (var entry in entries)
            {
                var partition = Partitioner.PartitionOf(entry.Stream, next.Length);
                await copy.StartRowAsync();
                await copy.WriteAsync(partition, NpgsqlDbType.Integer);
                await copy.WriteAsync(next[partition]++, NpgsqlDbType.Bigint);
                await copy.WriteAsync(Guid.CreateVersion7(entry.At), NpgsqlDbType.Uuid);
                await copy.WriteAsync(entry.Stream, NpgsqlDbType.Uuid);
                await copy.WriteAsync(entry.Version, NpgsqlDbType.Bigint);
                await copy.WriteAsync(entry.Type, NpgsqlDbType.Text);
                await copy.WriteAsync(entry.Data, NpgsqlDbType.Json);
                await copy.WriteAsync(entry.At, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(entry.Stream, NpgsqlDbType.Uuid);
            }

            await copy.CompleteAsync();
        }

        for (var partition = 0; partition < next.Length; partition++)
            await ExecuteAsync(
                connection,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"update {module}.partitions set next_offset = {next[partition]} where partition = {partition}"));
        await ExecuteAsync(connection, $"analyze {module}.events");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Entry(Guid Stream, long Version, string Type, string Data, DateTimeOffset At);
}
