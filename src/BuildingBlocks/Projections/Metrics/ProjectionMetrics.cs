using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Metrics;

/// <summary>Metrics of the projections of this process, from what their runners have read last: a collection reads no store.</summary>
internal sealed class ProjectionMetrics : IHostedService, IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Monolith.Projections";

    /// <summary>Dead letters of the live generation, by projection; the same on every host.</summary>
    public const string DeadLetters = "monolith.projection.dead_letters";

    /// <summary>Partitions of the live generation that this process owns and that are stopped or wait, by projection.</summary>
    public const string StoppedPartitions = "monolith.projection.stopped_partitions";

    private readonly Meter meter;

    public ProjectionMetrics(IMeterFactory meters, IEnumerable<ProjectionStatus> projections)
    {
        ProjectionStatus[] all = [.. projections];
        meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            DeadLetters,
            () => all.Select(status => Of(status, CountDeadLetters(status))),
            "{event}",
            "Dead letters of the live generation.");
        meter.CreateObservableGauge(
            StoppedPartitions,
            () => all.Select(status => Of(status, CountStopped(status))),
            "{partition}",
            "Partitions of the live generation that are stopped or wait.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => meter.Dispose();

    private static long CountDeadLetters(ProjectionStatus status) =>
        status.Registry is { Live: { } live } registry ? registry.DeadLetters.GetValueOrDefault(live.Number) : 0;

    private static long CountStopped(ProjectionStatus status) =>
        status.Partitions.Count(partition => (partition.Stopped ?? partition.Waiting) is not null);

    private static Measurement<long> Of(ProjectionStatus status, long value) =>
        new(value, new KeyValuePair<string, object?>("projection", status.Name));
}
