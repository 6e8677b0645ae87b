using System.Diagnostics;
using System.Diagnostics.Metrics;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Batches;

namespace Monolith.BuildingBlocks.Projections.Metrics;

/// <summary>The spans and the counter of batches.</summary>
internal static class ProjectionTelemetry
{
    /// <summary>Events that this process has applied, by <c>projection</c> and <c>generation</c> (<c>live</c> or <c>build</c>).</summary>
    public const string AppliedName = "monolith.projection.applied";

    private static readonly ActivitySource Source = new(ProjectionMetrics.MeterName);
    private static readonly Meter Meter = new(ProjectionMetrics.MeterName);
    private static readonly Counter<long> Applied = Meter.CreateCounter<long>(
        AppliedName, "{event}", "Events that this process has applied.");

    /// <summary>Starts the span of a batch. A replay has none: it would have many, for events that were traced before.</summary>
    public static Activity? Start(string projection, EventBatch batch, bool isLive) => isLive && Source.HasListeners()
        ? Source.StartBatchActivity($"process {projection}", ActivityKind.Consumer, batch.Entries.Select(entry => entry.Record))
            ?.SetTag("messaging.operation.name", "process")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", batch.Entries[0].Record.Log)
            .SetTag("messaging.batch.message_count", batch.Count)
            .SetTag("projection", projection)
        : null;

    public static void CountApplied(string projection, int events, bool isLive) =>
        Applied.Add(events, new("projection", projection), new("generation", isLive ? "live" : "build"));
}
