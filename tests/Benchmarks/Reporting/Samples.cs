namespace Monolith.Benchmarks.Reporting;

/// <summary>Sorts samples and reads percentiles.</summary>
internal static class Samples
{
    private const double Middle = 0.5;

    public static double Median(IEnumerable<double> samples) => Percentile([.. samples.Order()], Middle);

    /// <summary>The smallest sample that is at least as large as the given part of all samples.</summary>
    /// <param name="sorted">The samples in ascending order.</param>
    /// <param name="part">The part, 0.99 for the 99th percentile.</param>
    public static double Percentile(IReadOnlyList<double> sorted, double part) =>
        sorted.Count == 0 ? double.NaN
        : part == Middle && sorted.Count % 2 == 0 ? (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2
        : sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * part) - 1, 0, sorted.Count - 1)];
}
