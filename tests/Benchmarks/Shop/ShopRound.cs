using System.Diagnostics;

namespace Monolith.Benchmarks.Shop;

/// <summary>What one round brought.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Latencies">From sending a command to its answer, in seconds, sorted.</param>
internal sealed record ShopRound(double Seconds, IReadOnlyList<double> Latencies)
{
    public int Commands => Latencies.Count;

    public double Rate => Commands / Seconds;

    public static ShopRound Of(long began, IEnumerable<List<double>> latencies) =>
        new(Stopwatch.GetElapsedTime(began).TotalSeconds, [.. latencies.SelectMany(samples => samples).Order()]);
}
