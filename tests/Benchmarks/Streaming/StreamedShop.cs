using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Shop;
using Monolith.Benchmarks.Visible;

namespace Monolith.Benchmarks.Streaming;

/// <summary>A shop and the listeners of its stream.</summary>
internal sealed class StreamedShop(string name, Uri url, IAsyncDisposable server, ShopLoad load) : IAsyncDisposable
{
    public string Name { get; } = name;

    public Sightings Seen { get; } = new();

    public Task<ShopRound> SaturateAsync(TimeSpan duration, CancellationToken cancellation) => load.SaturateAsync(duration, cancellation);

    public async Task RunRoundAsync(int clients, double commandsPerSecond, TimeSpan duration, CancellationToken cancellation)
    {
        var arrivals = new Arrivals(clients);
        var listeners = new List<StreamListener>();
        var listening = new List<Task>();
        try
        {
            while (listeners.Count < clients)
            {
                listeners.Add(await StreamListener.OpenAsync(url, arrivals.Arrived, cancellation));
                listening.Add(Task.Run(listeners[^1].RunAsync, cancellation));
            }

            var round = await load.PaceAsync(commandsPerSecond, duration, beside: null, arrivals.Answered, cancellation);
            Seen.Add(round.Rate, await arrivals.FinishAsync(cancellation), []);
            Progress.Say(
                $"{Name}: {Cells.Count(round.Rate)} events/s at {clients} clients, p50 {Cells.Milliseconds(Seen.LastDelay(0.5))}, p99 "
                    + $"{Cells.Milliseconds(Seen.LastDelay(0.99))}");
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }

        await Task.WhenAll(listening);
    }

    public async ValueTask DisposeAsync()
    {
        load.Dispose();
        await server.DisposeAsync();
    }
}
