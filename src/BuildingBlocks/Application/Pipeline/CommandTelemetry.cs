using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Monolith.BuildingBlocks.Application.Pipeline;

/// <summary>Traces and metrics of commands: their names and outcomes, not their contents.</summary>
internal static class CommandTelemetry
{
    /// <summary>The name of the activity source and the meter. It is public: dashboards use it.</summary>
    public const string Name = "Monolith.Cqrs";

    /// <summary>
    /// The duration of commands, by <c>command</c>, <c>outcome</c> (<c>done</c>, <c>replayed</c>, <c>refused</c>, <c>failed</c>) and
    /// <c>error.type</c>: the slug of an error, or the type of an exception.
    /// </summary>
    public const string DurationName = "monolith.command.duration";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Histogram<double> Duration = Meter.CreateHistogram(
        DurationName, "s", "How long commands take, commit included.", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });
}
