using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Visible;

/// <summary>A shop and the rows in which its registrations must show.</summary>
internal sealed class WatchedShop(string name, Database database, string view, string key, IAsyncDisposable server, ShopLoad load) : IAsyncDisposable
{
    private readonly List<IReadOnlyList<double>> rounds = [];
    private readonly List<double> queries = [];
    private readonly List<double> rates = [];

    public string Name { get; } = name;

    public double Rate => Samples.Median(rates);

    public int Rows => rounds.Sum(round => round.Count);

    /// <summary>The longest of all rounds.</summary>
    public double Longest => rounds.Max(round => round[^1]);

    public double Query(double part) => Samples.Percentile([.. queries.Order()], part);

    /// <summary>A percentile of the delays: the median of the rounds.</summary>
    public double Delay(double part) => Samples.Median(rounds.Select(round => Samples.Percentile(round, part)));

    public Task<ShopRound> SaturateAsync(TimeSpan duration, CancellationToken cancellation) => load.SaturateAsync(duration, cancellation);

    public async Task RunRoundAsync(double commandsPerSecond, TimeSpan duration, CancellationToken cancellation)
    {
        await using var watcher = await RowWatcher.StartAsync(database, view, key, cancellation);
        var round = await load.PaceAsync(commandsPerSecond, duration, watcher.Expect, cancellation);
        var (delays, took) = await watcher.FinishAsync();
        rounds.Add([.. delays.Order()]);
        queries.AddRange(took);
        rates.Add(round.Rate);
        Progress.Say($"{Name}: {Cells.Count(round.Rate)} commands/s, p50 {Cells.Milliseconds(Samples.Percentile(rounds[^1], 0.5))}, p99 {Cells.Milliseconds(Samples.Percentile(rounds[^1], 0.99))}");
    }

    public async ValueTask DisposeAsync()
    {
        load.Dispose();
        await server.DisposeAsync();
    }
}
