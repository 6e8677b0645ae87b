using Monolith.Benchmarks.Baselines;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Visible;

/// <summary>
/// The time from the response to a registration until its row is visible in Orders' read model, under a steady load, with both transports.
/// </summary>
internal sealed class VisibleBenchmark : IBenchmark
{
    private const double WantedRate = 1_000;

    /// <summary>Below this reserve the machine cannot sustain the target rate: the result would be its queueing time.</summary>
    private const double MaxShareOfCapacity = 0.8;

    private const double PartOfCapacity = 0.5;
    private const double P50 = 0.50;
    private const double P99 = 0.99;

    public string Name => "visible";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var broker = await stage.KafkaAsync(cancellation);
        await using var inProcess = await HostAsync(stage, "host, in-process", kafka: null, cancellation);
        await using var kafka = await HostAsync(stage, "host, Kafka", broker, cancellation);
        await using var floor = await FloorAsync(stage, cancellation);
        WatchedShop[] shops = [inProcess, kafka, floor];

        var capacity = double.PositiveInfinity;
        foreach (var shop in shops)
        {
            Progress.Say($"visible: warming up {shop.Name}");
            await shop.SaturateAsync(stage.Scale.WarmUp, cancellation);
            capacity = Math.Min(capacity, (await shop.SaturateAsync(stage.Scale.Round, cancellation)).Rate);
        }

        // All run at the rate of the slowest.
        var rate = WantedRate <= capacity * MaxShareOfCapacity ? WantedRate : capacity * PartOfCapacity;
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            foreach (var shop in shops)
                await shop.RunRoundAsync(rate, stage.Scale.Round, cancellation);
        }

        return [Table(inProcess, kafka, floor, rate, capacity)];
    }

    private static async Task<WatchedShop> HostAsync(Stage stage, string name, string? kafka, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        await HostProcess.MigrateAsync(database, cancellation);
        var server = await HostProcess.StartAsync(database, kafka, cancellation);
        return new WatchedShop(
            name, database, "orders_read.customers", "customer_id", server, await ShopLoad.OpenAsync(server.Url, cancellation));
    }

    /// <summary>The row that the command itself commits: the error of the watcher for a delay of zero.</summary>
    private static async Task<WatchedShop> FloorAsync(Stage stage, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        await BareSchema.CreateAsync(database, cancellation);
        var server = await BareProcess.StartAsync([BareShop.Verb, BareShop.OneBatch, database.ConnectionString], cancellation);
        var url = new Uri(await server.LineAsync("ready: ", cancellation));
        server.Drain();
        return new WatchedShop(
            "floor: the bare handler's own row",
            database,
            $"{BareSchema.Customers}.customers",
            "id",
            server,
            await ShopLoad.OpenAsync(url, cancellation));
    }

    private static ResultTable Table(WatchedShop inProcess, WatchedShop kafka, WatchedShop floor, double rate, double capacity)
    {
        var table = new ResultTable(
            $"visible: from the HTTP answer until the row is visible in Orders' read model, at {Cells.Count(rate)} commands/s",
            "contestant", "commands/s", "rows", "p50", "p99", "max", "p50 ÷ floor", "the query that looks: p50", "p99", "goal");
        Add(table, inProcess, floor, Goal(inProcess, 1, 5));
        Add(table, kafka, floor, Goal(kafka, 5, 25));
        Add(table, floor, floor, Cells.None);
        table.Note(rate < WantedRate
            ? $"This machine can do {Cells.Count(capacity)} commands/s while it does nothing else, of which {Cells.Count(WantedRate)} "
                + "would be too much, so the rate is half of what it can."
            : $"Open loop: each command is sent when it is due, however late the ones before are answered ({ShopClient.Mix}).");
        table.Note(
            "One connection polls in a tight loop for all registered customers that are not visible yet, so that a row is seen at most "
                + "one query late (the columns of the query), and a stall counts for every row that it delays. The floor is the same "
                + "look at a row that the command itself commits: what this way of looking adds.");
        return table;
    }

    private static void Add(ResultTable table, WatchedShop shop, WatchedShop floor, string goal) => table.Add(
        shop.Name,
        Cells.Count(shop.Seen.Rate),
        Cells.Count(shop.Seen.Rows),
        Cells.Milliseconds(shop.Seen.Delay(P50)),
        Cells.Milliseconds(shop.Seen.Delay(P99)),
        Cells.Milliseconds(shop.Seen.Longest),
        shop == floor ? Cells.None : Cells.Ratio(shop.Seen.Delay(P50), floor.Seen.Delay(P50)),
        Cells.Milliseconds(shop.Seen.Query(P50)),
        Cells.Milliseconds(shop.Seen.Query(P99)),
        goal);

    private static string Goal(WatchedShop shop, double p50, double p99) =>
        $"p50 {Cells.AtMost(p50, shop.Seen.Delay(P50))}; p99 {Cells.AtMost(p99, shop.Seen.Delay(P99))}";
}
