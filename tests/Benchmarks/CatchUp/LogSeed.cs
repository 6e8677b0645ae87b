using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.Benchmarks.Running;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>
/// Fills the log of Customers with valid, interleaved histories of many customers.
/// </summary>
internal sealed class LogSeed(Database database, int events, Shape shape, PersonNames? names = null)
{
    public const int Partitions = LogCopy.Partitions;

    private const int SideBySide = 1_000;
    private const int Seed = 1;

    private readonly DateTimeOffset start = DateTimeOffset.UtcNow.AddDays(-1);
    private long written;

    public async Task FillAsync(CancellationToken cancellation)
    {
        await using var copy = await LogCopy.BeginAsync(database, "customers", cancellation);
        foreach (var (customer, version) in shape.Zipf ? Zipf() : InTurns())
        {
            var (type, data) = EventOf(customer, version);
            await copy.WriteAsync(customer, version, type, data, Now, cancellation);
            written++;
        }

        await copy.CompleteAsync(cancellation);
    }

    private IEnumerable<(Guid Customer, int Version)> InTurns()
    {
        while (written < events)
        {
            var customers = Enumerable.Range(0, SideBySide).Select(_ => Guid.CreateVersion7(Now)).ToArray();
            for (var version = 1; version <= shape.EventsOfEach; version++)
            {
                foreach (var customer in customers.Take((int)Math.Min(SideBySide, events - written)))
                    yield return (customer, version);
            }
        }
    }

    // Each customer gets one event; the rest are distributed by rank (Zipf).
    private IEnumerable<(Guid Customer, int Version)> Zipf()
    {
        var customers = Enumerable.Range(0, events / shape.EventsOfEach).Select(_ => Guid.CreateVersion7(Now)).ToArray();
        var versions = new int[customers.Length];
        for (var rank = 0; rank < customers.Length; rank++)
            yield return (customers[rank], ++versions[rank]);

        var ranks = new ZipfRanks(customers.Length);
        var random = new Random(Seed);
        while (written < events)
        {
            var rank = ranks.Draw(random);
            yield return (customers[rank], ++versions[rank]);
        }
    }

    private DateTimeOffset Now => start.AddMilliseconds(written);

    // Registered, then in a cycle: renamed, e-mail address changed, deactivated, reactivated.
    private (string Type, string Data) EventOf(Guid customer, int version) => version == 1
        ? ("customer.registered.v1", Json(Registered(customer), CustomersJson.Contracts.CustomerRegistered))
        : (version % 4) switch
        {
            2 =>
                (
                    "customer.renamed.v1",
                    Json(new CustomerRenamed(customer, "Zoë", $"Møller-{written}"), CustomersJson.Contracts.CustomerRenamed)),
            3 =>
                (
                    "customer.email-changed.v1",
                    Json(new CustomerEmailChanged(customer, $"zoe.{written}@example.org"), CustomersJson.Contracts.CustomerEmailChanged)),
            0 =>
                (
                    "customer.deactivated.v1",
                    Json(new CustomerDeactivated(customer, "Moved away"), CustomersJson.Contracts.CustomerDeactivated)),
            _ =>
                (
                    "customer.reactivated.v1",
                    Json(new CustomerReactivated(customer, "Came back"), CustomersJson.Contracts.CustomerReactivated)),
        };

    private CustomerRegistered Registered(Guid customer)
    {
        var (first, last) = names?.Next() ?? ("Zoë", $"Müller-{written}");
        return new CustomerRegistered(customer, $"customer.{written}", first, last, $"customer.{written}@example.org");
    }

    private static string Json<T>(T data, JsonTypeInfo<T> type) => JsonSerializer.Serialize(data, type);
}
