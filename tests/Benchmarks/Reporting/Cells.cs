using System.Globalization;

namespace Monolith.Benchmarks.Reporting;

/// <summary>Formats figures.</summary>
internal static class Cells
{
    /// <summary>For a figure that has no goal or no baseline.</summary>
    public const string None = "–";

    private const double MillisecondsPerSecond = 1_000;

    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Milliseconds(double seconds)
    {
        var value = seconds * MillisecondsPerSecond;
        return value.ToString(value < 100 ? "0.00" : "#,0", CultureInfo.InvariantCulture) + " ms";
    }

    public static string Microseconds(double seconds)
    {
        var value = seconds * MillisecondsPerSecond * MillisecondsPerSecond;
        return value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture) + " µs";
    }

    /// <summary>How many times the baseline the figure is.</summary>
    public static string Ratio(double figure, double baseline) =>
        (figure / baseline).ToString(figure / baseline < 0.01 ? "0.000000" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>A goal and whether the figure reaches it.</summary>
    public static string AtLeast(double goal, double figure) => $"≥ {Count(goal)}: {Verdict(figure >= goal)}";

    public static string AtMost(double goalMilliseconds, double seconds) =>
        string.Create(
            CultureInfo.InvariantCulture, $"≤ {goalMilliseconds:0} ms: {Verdict(seconds * MillisecondsPerSecond <= goalMilliseconds)}");

    public static string Verdict(bool reached) => reached ? "reached" : "missed";
}
