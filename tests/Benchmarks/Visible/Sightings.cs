using Monolith.Benchmarks.Reporting;

namespace Monolith.Benchmarks.Visible;

/// <summary>How long rows took to become visible, round by round.</summary>
internal sealed class Sightings
{
    private readonly List<IReadOnlyList<double>> rounds = [];
    private readonly List<double> queries = [];
    private readonly List<double> rates = [];

    /// <summary>Commands a second: the median of the rounds.</summary>
    public double Rate => Samples.Median(rates);

    public int Rows => rounds.Sum(round => round.Count);

    /// <summary>The longest of all rounds.</summary>
    public double Longest => rounds.Max(round => round[^1]);

    public double Query(double part) => Samples.Percentile([.. queries.Order()], part);

    /// <summary>A percentile of the delays: the median of the rounds.</summary>
    public double Delay(double part) => Samples.Median(rounds.Select(round => Samples.Percentile(round, part)));

    /// <summary>A percentile of the delays of the last round.</summary>
    public double LastDelay(double part) => Samples.Percentile(rounds[^1], part);

    public void Add(double rate, IEnumerable<double> delays, IEnumerable<double> took)
    {
        rounds.Add([.. delays.Order()]);
        queries.AddRange(took);
        rates.Add(rate);
    }
}
