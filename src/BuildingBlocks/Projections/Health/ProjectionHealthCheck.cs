using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Running;

namespace Monolith.BuildingBlocks.Projections.Health;

/// <summary>
/// Unhealthy when a partition of the projection is stopped, waits for what does not come, or a page does not get through; degraded when types were met that this binary does not know, events are
/// parked, it is paused, or the live generation is of another version.
/// </summary>
internal sealed class ProjectionHealthCheck(ProjectionStatus status) : IHealthCheck
{
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Judge());

    private HealthCheckResult Judge()
    {
        var partitions = status.Partitions;
        var stopped = partitions.Select(partition => partition.Stopped ?? partition.Waiting).FirstOrDefault(reason => reason is not null);
        if (stopped is not null)
            return HealthCheckResult.Unhealthy(stopped);
        if (status.Problem is { } problem)
            return HealthCheckResult.Unhealthy(problem);
        if (status.ApplyingFor > Stalled)
            return HealthCheckResult.Unhealthy($"A page has been in work for {status.ApplyingFor.TotalSeconds:0} s. {status.PageProblem}");
        if (status.TransportProblem is { } trouble)
            return HealthCheckResult.Unhealthy(trouble);
        if (status.UnknownTypes.FirstOrDefault() is { Key: { } type, Value: var where })
            return HealthCheckResult.Degraded($"The log holds the type {type} (first seen at {where}), which this binary does not know: an older binary after a rollback?");
        if (status.Registry is { } registry)
        {
            var notes = ProjectionNotes.Of(status.Version, registry).ToArray();
            if (notes.Length > 0)
                return HealthCheckResult.Degraded(string.Join(' ', notes));
        }

        if (status.Registry is { Live: null, Lost: { } lost })
            return HealthCheckResult.Degraded(string.Join(' ', [$"The rows were lost, and are being built anew: {lost}", .. Obstacles()]));
        return status.Generation == 0
            ? HealthCheckResult.Unhealthy(string.Join(' ', ["The read model is being built for the first time.", .. Obstacles()]))
            : HealthCheckResult.Healthy($"generation {status.Generation}, {partitions.Count} partitions");
    }

    private IEnumerable<string> Obstacles() => status.Registry?.UnderWay is { } first
        ? status.PartitionsOf(first.Number).Select(partition => partition.Stopped ?? partition.Waiting).OfType<string>().Take(1)
        : [];
}
