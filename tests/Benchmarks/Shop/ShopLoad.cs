using System.Diagnostics;

namespace Monolith.Benchmarks.Shop;

/// <summary>All clients of one shop. Open them once, so that connections and customers outlive a round.</summary>
internal sealed class ShopLoad : ILoad
{
    public const int Connections = 32;

    private readonly ShopClient[] clients;

    private ShopLoad(ShopClient[] clients) => this.clients = clients;

    public static async Task<ShopLoad> OpenAsync(Uri url, CancellationToken cancellation)
    {
        var clients = new ShopClient[Connections];
        for (var number = 0; number < clients.Length; number++)
            clients[number] = new ShopClient(await KeepAliveConnection.OpenAsync(url, cancellation), number);
        await Task.WhenAll(clients.Select(client => client.PrimeAsync(cancellation)));
        return new ShopLoad(clients);
    }

    public Task<ShopRound> SaturateAsync(TimeSpan duration, CancellationToken cancellation) =>
        ClosedLoop.RunAsync(clients, async (client, cancelled) => await client.NextAsync(cancelled), duration, cancellation);

    /// <summary>
    /// Open loop: each connection sends on a schedule, overdue commands at once, so that a stall counts for every command that it delays.
    /// </summary>
    /// <param name="commandsPerSecond">Over all connections.</param>
    /// <param name="duration">The duration.</param>
    /// <param name="beside">Work during which the load continues until it ends; null for none.</param>
    /// <param name="onRegistered">Called with each customer after the response to its registration.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>Latencies, measured from the scheduled time of a command.</returns>
    public async Task<ShopRound> PaceAsync(
        double commandsPerSecond, TimeSpan duration, Task? beside, Action<Guid, long> onRegistered, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var interval = TimeSpan.FromSeconds(clients.Length / commandsPerSecond);
        var latencies = await Task.WhenAll(clients.Select((client, i) => Task.Run(
            async () =>
            {
                var samples = new List<double>();
                for (var due = interval * i / clients.Length; due < duration || beside is { IsCompleted: false }; due += interval)
                {
                    if (due - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early)
                        await Task.Delay(early, cancellation);
                    await client.NextAsync(cancellation);
                    var answered = Stopwatch.GetTimestamp();
                    if (client.JustRegistered is { } customer)
                        onRegistered(customer, answered);
                    samples.Add((Stopwatch.GetElapsedTime(began, answered) - due).TotalSeconds);
                }

                return samples;
            },
            cancellation)));
        return ShopRound.Of(began, latencies);
    }

    public void Dispose()
    {
        foreach (var client in clients)
            client.Dispose();
    }
}
