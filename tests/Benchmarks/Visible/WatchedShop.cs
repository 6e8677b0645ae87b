using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Visible;

/// <summary>A shop and the rows in which its registrations must show.</summary>
internal sealed class WatchedShop(string name, Database database, string view, string key, IAsyncDisposable server, ShopLoad load)
    : IAsyncDisposable
{
    public string Name { get; } = name;

    public Sightings Seen { get; } = new();

    public Task<ShopRound> SaturateAsync(TimeSpan duration, CancellationToken cancellation) => load.SaturateAsync(duration, cancellation);

    public Task RunRoundAsync(double commandsPerSecond, TimeSpan duration, CancellationToken cancellation) =>
        RunRoundAsync(commandsPerSecond, duration, beside: null, Name, Seen, cancellation);

    /// <summary>
    /// Runs a named round for at least the given duration, and until the concurrent work has ended.
    /// </summary>
    public async Task RunRoundAsync(
        double commandsPerSecond, TimeSpan duration, Task? beside, string what, Sightings into, CancellationToken cancellation)
    {
        await using var watcher = await RowWatcher.StartAsync(database, view, key, cancellation);
        var round = await load.PaceAsync(commandsPerSecond, duration, beside, watcher.Expect, cancellation);
        var (delays, took) = await watcher.FinishAsync();
        into.Add(round.Rate, delays, took);
        Progress.Say(
            $"{what}: {Cells.Count(round.Rate)} commands/s, p50 {Cells.Milliseconds(into.LastDelay(0.5))}, p99 "
                + $"{Cells.Milliseconds(into.LastDelay(0.99))}");
    }

    public async ValueTask DisposeAsync()
    {
        load.Dispose();
        await server.DisposeAsync();
    }
}
