using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Metrics;

/// <summary>What the projections of this process tell whoever measures it. The figures are those that their runners saw last: measuring asks no store.</summary>
internal sealed class ProjectionMetrics : IHostedService, IDisposable
{
    /// <summary>The meter's name, by which it is listened to.</summary>
    public const string MeterName = "Monolith.Projections";

    /// <summary>How many events of the live generation are parked, by projection: the same on every host.</summary>
    public const string DeadLetters = "monolith.projection.dead_letters";

    /// <summary>How many partitions of the live generation this process owns that are stopped or wait for what does not come, by projection.</summary>
    public const string StoppedPartitions = "monolith.projection.stopped_partitions";

    private readonly Meter meter;

    public ProjectionMetrics(IMeterFactory meters, IEnumerable<ProjectionStatus> projections)
    {
        ProjectionStatus[] all = [.. projections];
        meter = meters.Create(MeterName);
        meter.CreateObservableGauge(DeadLetters, () => all.Select(status => Of(status, Parked(status))), "{event}", "Events of the live generation that are parked.");
        meter.CreateObservableGauge(StoppedPartitions, () => all.Select(status => Of(status, Stopped(status))), "{partition}", "Partitions of the live generation that are stopped or wait.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => meter.Dispose();

    private static long Parked(ProjectionStatus status) => status.Registry is { Live: { } live } registry ? registry.Parked.GetValueOrDefault(live.Number) : 0;

    private static long Stopped(ProjectionStatus status) => status.Partitions.Count(partition => (partition.Stopped ?? partition.Waiting) is not null);

    private static Measurement<long> Of(ProjectionStatus status, long value) => new(value, new KeyValuePair<string, object?>("projection", status.Name));
}
