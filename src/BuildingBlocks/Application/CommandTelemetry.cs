using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Monolith.BuildingBlocks.Application;

/// <summary>What commands tell whoever traces and measures them: their names and outcomes, nothing of what is in them.</summary>
internal static class CommandTelemetry
{
    /// <summary>The name of source and meter.</summary>
    public const string Name = "Monolith.Cqrs";

    /// <summary>
    /// How long commands take, by <c>command</c>, <c>outcome</c> (<c>done</c>, <c>replayed</c>, <c>refused</c>, <c>failed</c>) and
    /// <c>error.type</c>: the slug of a refusal, the type of an exception.
    /// </summary>
    public const string DurationName = "monolith.command.duration";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(DurationName, "s", "How long commands take, commit included.", tags: null, new InstrumentAdvice<double>
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });
}
