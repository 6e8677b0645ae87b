using System.Diagnostics;

namespace Monolith.Benchmarks.Shop;

/// <summary>The results of one round.</summary>
/// <param name="Seconds">Its duration.</param>
/// <param name="Latencies">From a command to its response, in seconds, sorted.</param>
internal sealed record ShopRound(double Seconds, IReadOnlyList<double> Latencies)
{
    public int Commands => Latencies.Count;

    public double Rate => Commands / Seconds;

    public static ShopRound Of(long began, IEnumerable<List<double>> latencies) =>
        new(Stopwatch.GetElapsedTime(began).TotalSeconds, [.. latencies.SelectMany(samples => samples).Order()]);
}
