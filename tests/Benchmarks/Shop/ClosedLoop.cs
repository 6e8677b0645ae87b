using System.Diagnostics;

namespace Monolith.Benchmarks.Shop;

/// <summary>Clients that send the next request as soon as they have the response.</summary>
internal static class ClosedLoop
{
    public static async Task<ShopRound> RunAsync<T>(
        IReadOnlyCollection<T> clients, Func<T, CancellationToken, ValueTask> ask, TimeSpan duration, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(clients.Select(client => Task.Run(
            async () =>
            {
                var samples = new List<double>();
                while (Stopwatch.GetElapsedTime(began) < duration)
                {
                    var sent = Stopwatch.GetTimestamp();
                    await ask(client, cancellation);
                    samples.Add(Stopwatch.GetElapsedTime(sent).TotalSeconds);
                }

                return samples;
            },
            cancellation)));
        return ShopRound.Of(began, latencies);
    }
}
