using Monolith.Benchmarks.Baselines;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Streaming;

/// <summary>
/// The time from the response to a registration until its event has reached each of a hundred clients of the stream, under a steady load,
/// with both transports.
/// </summary>
internal sealed class StreamBenchmark : IBenchmark
{
    private const int Clients = 100;
    private const double WantedRate = 1_000;

    /// <summary>Below this reserve the machine cannot sustain the target rate: the result would be its queueing time.</summary>
    private const double MaxShareOfCapacity = 0.75;

    private const double PartOfCapacity = 0.25;

    /// <summary>At a lower rate a round may contain no registration.</summary>
    private const double LeastRate = 100;

    private const double P50 = 0.50;
    private const double P99 = 0.99;
    private const double Goal = 50;

    public string Name => "stream";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var broker = await stage.KafkaAsync(cancellation);
        await using var inProcess = await HostAsync(stage, "host, in-process", kafka: null, cancellation);
        await using var kafka = await HostAsync(stage, "host, Kafka", broker, cancellation);
        await using var bare = await BareAsync(stage, cancellation);
        StreamedShop[] shops = [inProcess, kafka, bare];

        var capacity = double.PositiveInfinity;
        foreach (var shop in shops)
        {
            Progress.Say($"stream: warming up {shop.Name}");
            await shop.SaturateAsync(stage.Scale.WarmUp, cancellation);
            capacity = Math.Min(capacity, (await shop.SaturateAsync(stage.Scale.Round, cancellation)).Rate);
        }

        var rate = WantedRate <= capacity * MaxShareOfCapacity ? WantedRate : Math.Max(LeastRate, capacity * PartOfCapacity);
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            foreach (var shop in shops)
                await shop.RunRoundAsync(Clients, rate, stage.Scale.Round, cancellation);
        }

        return [Table(shops, bare, rate, capacity)];
    }

    private static async Task<StreamedShop> HostAsync(Stage stage, string name, string? kafka, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        await HostProcess.MigrateAsync(database, cancellation);
        var server = await HostProcess.StartAsync(database, kafka, cancellation);
        return new StreamedShop(name, server.Url, server, await ShopLoad.OpenAsync(server.Url, cancellation));
    }

    private static async Task<StreamedShop> BareAsync(Stage stage, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        await BareSchema.CreateAsync(database, cancellation);
        var server = await BareProcess.StartAsync([BareShop.Verb, BareShop.OneBatch, database.ConnectionString], cancellation);
        var url = new Uri(await server.LineAsync("ready: ", cancellation));
        server.Drain();
        return new StreamedShop(
            "bare: handlers hand their answers to the connections", url, server, await ShopLoad.OpenAsync(url, cancellation));
    }

    private static ResultTable Table(IEnumerable<StreamedShop> shops, StreamedShop bare, double rate, double capacity)
    {
        var table = new ResultTable(
            $"stream: from the HTTP answer until the event is at each of {Clients} clients, at {Cells.Count(rate)} "
                + "events/s", "contestant", "events/s", "arrivals", "p50", "p99", "max", "p99 ÷ bare", "goal");
        foreach (var shop in shops)
        {
            table.Add(
                shop.Name,
                Cells.Count(shop.Seen.Rate),
                Cells.Count(shop.Seen.Rows),
                Cells.Milliseconds(shop.Seen.Delay(P50)),
                Cells.Milliseconds(shop.Seen.Delay(P99)),
                Cells.Milliseconds(shop.Seen.Longest),
                shop == bare ? Cells.None : Cells.Ratio(shop.Seen.Delay(P99), bare.Seen.Delay(P99)),
                shop == bare ? Cells.None : $"p99 {Cells.AtMost(Goal, shop.Seen.Delay(P99))}");
        }

        table.Note(rate < WantedRate
            ? $"This machine can do {Cells.Count(capacity)} commands/s without listeners, of which {Cells.Count(WantedRate)} with "
                + $"{Clients} clients beside them would be too much, so the rate is a quarter of what it can, {Cells.Count(LeastRate)} "
                + "at least."
            : $"Open loop: each command is sent when it is due, however late the ones before are answered ({ShopClient.Mix}); each is "
                + "one event.");
        table.Note(
            "Every client gets every event over its own socket; registrations are timed. The clients run in the load "
                + "generator's process on the same cores, and take their part of them. An event that is there before the answer counts "
                + "as 0.");
        return table;
    }
}
