using System.Collections.Concurrent;
using System.Diagnostics;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Streaming;

/// <summary>The times of each response and of its event at each client; an event may arrive before the response.</summary>
internal sealed class Arrivals(int clients)
{
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<Guid, ConcurrentBag<long>> arrivals = new();
    private readonly ConcurrentDictionary<Guid, long> answered = new();

    public void Arrived(Guid customer, long at) => arrivals.GetOrAdd(customer, _ => []).Add(at);

    public void Answered(Guid customer, long at) => answered[customer] = at;

    /// <summary>Waits until the last client has the last event.</summary>
    /// <returns>The seconds from each response until each client had its event; 0 where the event came first.</returns>
    public async Task<IReadOnlyList<double>> FinishAsync(CancellationToken cancellation)
    {
        await Until.HoldsAsync(
            "every event is at every client", LookEvery, () =>
                Task.FromResult(
                    answered.Keys.All(
                        customer => arrivals.TryGetValue(customer, out var at) && at.Count >= clients)), cancellation, LostAfter);
        return
        [
            .. answered.SelectMany(
                entry => arrivals[entry.Key].Select(at => Math.Max(0, Stopwatch.GetElapsedTime(entry.Value, at).TotalSeconds)))
        ];
    }
}
