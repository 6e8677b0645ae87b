using System.Diagnostics;
using System.Diagnostics.Metrics;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Batches;

namespace Monolith.BuildingBlocks.Projections.Metrics;

/// <summary>What the work of projections tells whoever traces and measures it, batch by batch.</summary>
internal static class ProjectionTelemetry
{
    /// <summary>Events that this process has applied, by <c>projection</c> and <c>generation</c>: <c>live</c>, or <c>build</c> for one that is made beside it.</summary>
    public const string AppliedName = "monolith.projection.applied";

    private static readonly ActivitySource Source = new(ProjectionMetrics.MeterName);
    private static readonly Meter Meter = new(ProjectionMetrics.MeterName);
    private static readonly Counter<long> Applied = Meter.CreateCounter<long>(AppliedName, "{event}", "Events that this process has applied.");

    /// <summary>A span over a batch of a live generation. A replay has none: its batches are many, and what it folds has been seen before.</summary>
    public static Activity? Start(string projection, EventBatch batch, bool isLive) => isLive && Source.HasListeners()
        ? Source.StartBatchActivity($"process {projection}", ActivityKind.Consumer, batch.Entries.Select(entry => entry.Record))
            ?.SetTag("messaging.operation.name", "process").SetTag("messaging.operation.type", "process").SetTag("messaging.destination.name", batch.Entries[0].Record.Log)
            .SetTag("messaging.batch.message_count", batch.Count).SetTag("projection", projection)
        : null;

    /// <summary>Notes that events are in the rows, or folded by a build.</summary>
    public static void Note(string projection, int events, bool isLive) =>
        Applied.Add(events, new("projection", projection), new("generation", isLive ? "live" : "build"));
}
